"""What is written down of a container before it is made."""

from dataclasses import replace
from pathlib import Path

from hotelctl.deploy.targets import berth
from hotelctl.deploy.targets.berth import Berth
from hotelctl.deploy.targets.places import Places

KNOWN = Berth("r1", "tiny-local-r1", "unix:///x", 20_001, 5.0, "SIGUSR1", (0, 143), "bye")


def test_a_berth_is_read_as_it_was_written(tmp_path: Path) -> None:
    places = Places(tmp_path)
    places.release("r1").mkdir(parents=True)
    KNOWN.store(places)
    assert berth.load(places, "r1") == KNOWN
    assert [*berth.each(places)] == [KNOWN]
    assert KNOWN.address == "127.0.0.1:20001"


def test_one_that_is_spoilt_or_absent_is_none(tmp_path: Path) -> None:
    places = Places(tmp_path)
    places.release("r1").mkdir(parents=True)
    for text in ("", "{}", "[1]", '{"release": "r1"}'):
        (places.release("r1") / "berth.json").write_text(text)
        assert berth.load(places, "r1") is None
    assert berth.load(places, "r2") is None
    assert not [*berth.each(places)]


def test_one_engine_may_be_named_by_several_paths(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "var").symlink_to(tmp_path / "run")
    known = replace(KNOWN, engine=f"unix://{tmp_path}/var/docker.sock")
    assert known.is_on(f"unix://{tmp_path}/var/docker.sock")
    assert known.is_on(f"unix://{tmp_path}/run/docker.sock")
    assert not known.is_on(f"unix://{tmp_path}/run/podman.sock")
    assert not known.is_on(f"tcp://{tmp_path}/run/docker.sock")
