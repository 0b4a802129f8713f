"""Journals as a person who looks finds them, and the environment that they belong to."""

from typing import Any

from hotelctl.adapters.chained import ChainedFile
from hotelctl.cli._wiring import Asked
from hotelctl.deploy.journal import Journal, Kind
from hotelctl.deploy.layout import Layout
from hotelctl.deploy.release import Release
from tests.fakes.clock import FakeClock

ASKED = Asked(None, "local")
RELEASE = Release("d1", "1.0", "a" * 40, "artifact/x.whl", "0", None, {})
HEADER = {"user": "ana", "host": "desk", "port": 8080}


def wrote(layout: Layout, clock: FakeClock, name: str, *said: tuple[str, Kind, dict[str, Any]]) -> None:
    """The journal of a deploy called `name`, a second a record."""
    journal = Journal(ChainedFile(layout.journal(name)), clock, fence=1)
    journal.append("", Kind.NOTE, {"operation": "deploy", "id": name, **HEADER})
    for step, kind, data in said:
        clock.advance(1)
        journal.append(step, kind, data)


def deployed(layout: Layout, clock: FakeClock, name: str, *, kind: str = "deploy") -> None:
    wrote(
        layout,
        clock,
        name,
        ("", Kind.NOTE, {}),
        ("switch", Kind.EFFECT, {"to": RELEASE.id}),
        ("switch", Kind.DONE, {"summary": f"{kind} flipped"}),
        ("", Kind.OUTCOME, {"outcome": "succeeded"}),
    )
