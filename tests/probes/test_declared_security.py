from typing import Any

import pytest

from hotelctl.facts.declared_security import DeclaredLimits, DeclaredLogIns, DeclaredRotation
from tests.probes.worlds import World

SECURITY: dict[str, Any] = {
    "protected": ["GET /mine"],
    "log_in": [{"request": "POST /a"}, {"request": "POST /b"}],
    "limit": [{"request": "POST /a", "allowed": 5}],
    "rotation": {"steps": [["publish"], ["switch"], ["retire"]]},
}


def test_what_is_declared_is_counted() -> None:
    world = World(security=SECURITY)
    assert world.had(DeclaredLogIns).value == DeclaredLogIns(2)
    assert world.had(DeclaredLimits).value == DeclaredLimits(1)
    assert world.had(DeclaredRotation).value == DeclaredRotation(3)


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (DeclaredLogIns, "[[security.log_in]]"),
        (DeclaredLimits, "[[security.limit]]"),
        (DeclaredRotation, "protected route in [security]"),
    ],
)
def test_what_is_not_declared_does_not_arise(fact: type, words: str) -> None:
    assert World().why_not(fact) == f"NotApplicable: the service file names no {words}"


def test_without_steps_there_is_no_exchange() -> None:
    world = World(security={"protected": ["GET /mine"]})
    assert world.why_not(DeclaredRotation).endswith("names no steps in [security.rotation]")
