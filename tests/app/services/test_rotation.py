import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from hotelctl.app.domain.failures import Unauthenticated
from hotelctl.app.services import keyring, rotation, tokens
from hotelctl.app.services.keyring import Keyring
from hotelctl.app.services.rotation import RotationError

_USER = UUID("01890000-0000-7000-8000-000000000001")
Step = Callable[[Path], object]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    keyring.init(tmp_path)
    _age(tmp_path, timedelta(days=1))
    return tmp_path


def _age(directory: Path, age: timedelta) -> None:
    """The files look as if nobody had touched them for so long."""
    moment = time.time() - age.total_seconds()
    for path in directory.iterdir():
        os.utime(path, (moment, moment))


def _later(directory: Path, step: Step) -> None:
    """The step, long enough after the one before."""
    _age(directory, timedelta(hours=1))
    step(directory)


def _issue(ring: Keyring) -> str:
    return tokens.issue(
        ring, user_id=_USER, hotel_id=uuid4(), role="staff", auth_version=1, family_id=uuid4()
    )


def _accepts(ring: Keyring, token: str) -> bool:
    try:
        return tokens.read(ring, token).user_id == _USER
    except Unauthenticated:
        return False


def _one_step_swap(directory: Path) -> None:
    for path in directory.iterdir():
        path.unlink()
    keyring.init(directory)


@pytest.mark.parametrize("step", [rotation.publish, rotation.switch, rotation.retire])
def test_before_and_after_each_step_instances_accept_each_others_tokens(step: Step, directory: Path) -> None:
    for earlier in (rotation.publish, rotation.switch, rotation.retire):
        if earlier is step:
            break
        _later(directory, earlier)
    old = keyring.load(directory)
    _later(directory, step)
    new = keyring.load(directory)
    assert old != new
    matrix = [(signer, reader) for signer in (old, new) for reader in (old, new)]
    assert all(_accepts(reader, _issue(signer)) for signer, reader in matrix)


def test_a_swap_in_one_step_logs_out_both_ways(directory: Path) -> None:
    old = keyring.load(directory)
    _one_step_swap(directory)
    new = keyring.load(directory)
    assert not _accepts(new, _issue(old))
    assert not _accepts(old, _issue(new))


def test_the_three_steps_leave_one_new_key(directory: Path) -> None:
    before = keyring.load(directory).active
    for step in (rotation.publish, rotation.switch, rotation.retire):
        _later(directory, step)
    ring = keyring.load(directory)
    assert list(ring.keys) == [ring.active]
    assert ring.active != before
    assert sorted(path.name for path in directory.iterdir()) == sorted([f"{ring.active}.pem", "active"])


def test_each_step_may_be_repeated(directory: Path) -> None:
    kid, made = rotation.publish(directory)
    assert (rotation.publish(directory), made) == ((kid, False), True)
    _age(directory, timedelta(minutes=1))
    assert rotation.switch(directory) == (kid, True)
    assert rotation.switch(directory) == (kid, False)
    _age(directory, timedelta(hours=1))
    assert len(rotation.retire(directory)) == 1
    assert rotation.retire(directory) == []


def test_a_switch_needs_a_published_key(directory: Path) -> None:
    with pytest.raises(RotationError, match="publish one first"):
        rotation.switch(directory)


def test_a_switch_waits_until_every_instance_knows_the_key(directory: Path) -> None:
    rotation.publish(directory)
    with pytest.raises(RotationError, match=r"repeat after \d{4}-.* UTC"):
        rotation.switch(directory)
    rotation.switch(directory, datetime.now(UTC) + rotation.SETTLE)


def test_a_key_stays_as_long_as_a_token_of_it_may_live(directory: Path) -> None:
    rotation.publish(directory)
    switched = datetime.now(UTC) + rotation.SETTLE
    rotation.switch(directory, switched)
    keys = set(keyring.load(directory).keys)
    with pytest.raises(RotationError, match="may still live"):
        rotation.retire(directory, datetime.now(UTC) + tokens.ACCESS_TTL)
    assert set(keyring.load(directory).keys) == keys
    assert rotation.retire(directory, switched + tokens.LONGEST_TTL + rotation.SETTLE)


def test_a_published_key_is_not_retired(directory: Path) -> None:
    rotation.publish(directory)
    _age(directory, timedelta(days=1))
    assert rotation.retire(directory) == []
    assert len(keyring.load(directory).keys) == 2


def test_a_switch_cut_short_is_finished_by_its_repeat(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, (new, _) = keyring.load(directory).active, rotation.publish(directory)
    _age(directory, timedelta(days=1))
    with monkeypatch.context() as cut:
        cut.setattr(keyring, "activate", _interrupt)
        with pytest.raises(InterruptedError):
            rotation.switch(directory)
    _age(directory, timedelta(days=1))
    assert rotation.retire(directory) == []
    assert keyring.load(directory).active == old
    assert rotation.switch(directory) == (new, True)
    with pytest.raises(RotationError, match="may still live"):
        rotation.retire(directory)


def _interrupt(*_: object) -> None:
    raise InterruptedError


def test_two_waiting_keys_are_a_person_s_to_settle(directory: Path) -> None:
    rotation.publish(directory)
    keyring.add_key(directory)
    with pytest.raises(RotationError, match="more than one"):
        rotation.publish(directory)
