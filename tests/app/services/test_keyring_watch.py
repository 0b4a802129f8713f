import time
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from hotelctl.app.services import keyring
from hotelctl.app.services.keyring_watch import KeyringWatch


@pytest.fixture
def now_s(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The clock: its last item is the time."""
    clock = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[-1])
    return clock


@pytest.fixture
def watch(tmp_path: Path) -> KeyringWatch:
    keyring.init(tmp_path)
    return KeyringWatch(tmp_path, keyring.load(tmp_path))


def test_a_new_key_is_known_within_a_second(tmp_path: Path, watch: KeyringWatch, now_s: list[float]) -> None:
    watch.current()
    kid = keyring.add_key(tmp_path)
    now_s.append(100.9)
    assert kid not in watch.current().keys
    now_s.append(101.0)
    with capture_logs() as lines:
        assert kid in watch.current().keys
    assert [line["event"] for line in lines] == ["keyring_changed"]


def test_a_change_between_load_and_first_use_is_noticed(tmp_path: Path, watch: KeyringWatch) -> None:
    kid = keyring.add_key(tmp_path)
    keyring.activate(tmp_path, kid)
    assert watch.current().active == kid


def test_an_unchanged_directory_is_not_read_again(
    watch: KeyringWatch, now_s: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = watch.current()
    monkeypatch.delattr(keyring, "load")
    now_s.append(105.0)
    assert watch.current() is ring


def test_a_directory_that_cannot_be_used_leaves_the_last_keys_and_says_so_once(
    tmp_path: Path, watch: KeyringWatch, now_s: list[float]
) -> None:
    ring = watch.current()
    assert watch.is_usable()
    (tmp_path / "active").unlink()
    with capture_logs() as lines:
        for moment in (102.0, 104.0):
            now_s.append(moment)
            assert watch.current() is ring
            assert not watch.is_usable()
    assert [(line["event"], line["log_level"]) for line in lines] == [("keyring_unusable", "error")]
    keyring.activate(tmp_path, keyring.add_key(tmp_path))
    now_s.append(106.0)
    assert watch.is_usable()
    assert watch.current() != ring
