import os
from pathlib import Path

from hotelctl.deploy.targets import lock


def test_one_holder_at_a_time_and_everybody_can_look(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert not lock.is_held(path)
    first = lock.take(path)
    assert first is not None
    assert lock.is_held(path)
    assert lock.take(path) is None
    assert lock.is_held(path), "looking and failing to take it change nothing"
    os.close(first)
    assert not lock.is_held(path)


def test_a_forked_child_holds_it_on(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    held = lock.take(path)
    assert held is not None
    told, tell = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.read(told, 1)
        os._exit(0)
    os.close(held)
    assert lock.is_held(path)
    os.write(tell, b"x")
    os.waitpid(pid, 0)
    os.close(told)
    os.close(tell)
    assert not lock.is_held(path)
