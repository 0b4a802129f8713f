from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from hotelctl.core.check import SECTIONS, Stage, check
from hotelctl.core.finding import Finding, Measurement, Severity
from tests.render import made


@dataclass(frozen=True)
class Rooms:
    n: int


@dataclass(frozen=True)
class Doors:
    n: int


@check(
    "ENV099",
    "Every room has a door",
    severity=Severity.HIGH,
    rationale="Nobody gets in.",
    remediation="Add one.",
    references=("RFC 1",),
    stage=Stage.BUILD,
)
def every_room_has_a_door(rooms: Rooms, doors: Doors) -> Iterator[Finding]:
    """One finding where doors are short."""
    if doors.n < rooms.n:
        yield Finding("doors", "are too few", (Measurement("doors", doors.n, ""),))


def test_the_signature_declares_the_facts_in_their_order() -> None:
    assert every_room_has_a_door.facts == (Rooms, Doors)
    assert list(every_room_has_a_door.judge(Rooms(1), Doors(1))) == []
    assert [found.subject for found in every_room_has_a_door.judge(Rooms(2), Doors(1))] == ["doors"]


def test_the_words_stand_beside_the_question() -> None:
    info = every_room_has_a_door.info
    assert (info.id, info.title, info.severity, info.stage) == (
        "ENV099",
        "Every room has a door",
        Severity.HIGH,
        Stage.BUILD,
    )
    assert (info.rationale, info.remediation, info.references) == ("Nobody gets in.", "Add one.", ("RFC 1",))


def test_a_check_is_asked_in_the_preflight_unless_it_says_otherwise() -> None:
    made_here = check("DB099", "t", severity=Severity.LOW, rationale="r", remediation="m")(lambda: iter(()))
    assert (made_here.info.stage, made_here.facts, made_here.info.references) == (Stage.PREFLIGHT, (), ())


@pytest.mark.parametrize(
    ("rule", "section"),
    [
        ("ENV001", "environment"),
        ("DB012", "schema"),
        ("TST001", "tests"),
        ("BLD003", "build"),
        ("SEC009", "secrets"),
        ("SEC010", "security"),
        ("EXT001", "services"),
        ("DKR001", "docker"),
        ("PRF001", "performance"),
        ("OPS008", "operations"),
    ],
)
def test_the_prefix_of_the_id_names_the_section(rule: str, section: str) -> None:
    assert made.info(rule).section == section
    assert section in SECTIONS


def test_an_unknown_prefix_is_no_section() -> None:
    with pytest.raises(KeyError, match="XYZ"):
        made.info("XYZ001").section  # noqa: B018 - asking is the act
