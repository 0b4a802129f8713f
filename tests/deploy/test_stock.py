import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hotelctl.adapters.directory_vault import DirectoryVault
from hotelctl.deploy.backup import Backup
from hotelctl.deploy.layout import Layout
from hotelctl.deploy.stock import Item, State, leaving, of_deploys, stock
from tests.fakes.clock import FakeClock
from tests.fakes.files import FakeFiles

LAYOUT = Layout(Path("/state"))


def _name(day: int) -> str:
    return f"202603{day:02}T120000000Z-aaaaaaaaaaaa"


def _backup(day: int, verified_at: str | None = None) -> Backup:
    at = f"2026-03-{day:02}T12:00:00+00:00"
    return Backup(_name(day), at, "0" * 64, 1, None, "0" * 64, {}, verified_at)


def _items(states: Sequence[State]) -> list[Item]:
    whole = (State.VERIFIED, State.UNVERIFIED, State.DAMAGED)
    return [
        Item(_name(day), state, _backup(day) if state in whole else None)
        for day, state in enumerate(states, start=1)
    ]


def test_each_directory_is_what_its_manifest_says() -> None:
    files = FakeFiles()
    for name, manifest in (
        (_name(1), _backup(1).to_json()),
        (_name(2), _backup(2, "t").to_json()),
        (_name(4), {"id": _name(4)}),
        (_name(5), _backup(1).to_json()),
    ):
        files.write_durable(LAYOUT.backup(name) / "manifest.json", json.dumps(manifest).encode())
        files.write_durable(LAYOUT.backup(name) / "dump" / "toc.dat", b"x")
    files.write_durable(LAYOUT.backup(_name(3)) / "dump.part" / "toc.dat", b"half")
    files.write_durable(LAYOUT.backup("notes") / "read.me", b"mine")
    files.write_durable(LAYOUT.state / "backups" / "a file", b"mine")
    found = stock(DirectoryVault(LAYOUT.backups(), files), files, FakeClock())
    assert [(item.name, item.state.value) for item in found] == [
        (_name(1), "unverified"),
        (_name(2), "verified"),
        (_name(3), "unfinished"),
        (_name(4), "spoilt"),
        (_name(5), "foreign"),
        ("notes", "foreign"),
    ]
    assert found[3].why.endswith(
        "manifest.json: cannot be read: it holds something else than hotelctl writes there"
    )
    files.write_durable(LAYOUT.backup(_name(2)) / "dump" / "toc.dat", b"")
    files.remove(LAYOUT.backup(_name(1)) / "dump")
    for item in stock(DirectoryVault(LAYOUT.backups(), files), files, FakeClock())[:2]:
        assert (item.state, item.why) == (State.DAMAGED, "its dump has 0 of 1 bytes")
    assert found[4].why.startswith(f"a copy of {_name(1)}")


V, U, CUT, HALF, BAD, THEIRS = State


@pytest.mark.parametrize(
    ("states", "keep", "days"),
    [
        ((V, V, V, V), 2, [1, 2]),
        ((V, U, U, U), 1, [2, 3]),
        ((V, CUT, CUT), 1, [2]),
        ((V, U, U, U), 9, []),
        ((BAD, THEIRS, V, V), 1, [3]),
        ((HALF, V), 9, [1]),
        ((), 1, []),
    ],
)
def test_the_oldest_go_but_never_the_newest_verified_one(
    states: Sequence[State], keep: int, days: list[int]
) -> None:
    assert [one.name for one in leaving(_items(states), keep, None, ())] == [_name(day) for day in days]


def test_age_counts_beside_number_and_what_is_named_stays() -> None:
    before = datetime(2026, 3, 3, 13, tzinfo=UTC)
    gone = leaving(_items((V, V, V, V, V)), 4, before, {_name(2)})
    assert [(one.name, one.why) for one in gone] == [
        (_name(1), "older than the newest 4"),
        (_name(3), "taken before 2026-03-03 13:00 UTC"),
    ]
    assert leaving(_items((HALF, V)), 4, None, {_name(1)}) == ()
    old = datetime(2027, 1, 1, tzinfo=UTC)
    assert [one.name for one in leaving(_items((V, V)), 9, old, ())] == [_name(1)]


def test_what_a_manifest_does_not_say_may_have_been_taken_by_a_deploy() -> None:
    earlier = {key: value for key, value in _backup(1).to_json().items() if key != "of_deploy"}
    by_hand = replace(_backup(2), of_deploy=False)
    made = (Backup.from_json(earlier), Backup.from_json(by_hand.to_json()))
    items = [Item(one.id, State.UNVERIFIED, one) for one in made]
    assert of_deploys([*items, Item(_name(3), State.UNFINISHED)]) == (_name(1),)
