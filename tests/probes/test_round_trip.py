from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.work import Migrated
from hotelctl.facts.live_database import DatabaseStand, LiveDatabase, Role
from hotelctl.facts.migration_run import MigrationPlace
from hotelctl.facts.migration_set import MigrationSet, Revision
from hotelctl.facts.round_trip import RoundTrip
from hotelctl.probes.round_trip import round_trip
from tests.probes.worlds import FakeWork, World

PLACE = MigrationPlace(Path("/throw-away/source"), Path("/throw-away/venv"))
ALEMBIC: dict[str, Any] = {"kind": "alembic", "directory": "m", "command": ["up"], "down_command": ["down"]}
NOWHERE = DatabaseStand(None)


def chain(*ids: str) -> MigrationSet:
    """Each stands on the one before."""
    below = [(), *((one,) for one in ids)]
    made = (Revision(one, down, f"m/{one}.py", "") for one, down in zip(ids, below, strict=False))
    return MigrationSet("alembic", tuple(made))


def at(*revisions: str) -> DatabaseStand:
    """The live database is there."""
    return DatabaseStand(LiveDatabase("live", "18.4", Role("owner"), revisions, ()))


@dataclass
class Moves(FakeWork):
    """Each revision is a table; `leaves` and `brings` say what a way down or the second up adds."""

    world: World | None = None
    order: tuple[str, ...] = ()
    steps: list[str] = field(default_factory=list)
    refused: Mapping[str, str] = field(default_factory=dict)
    leaves: Mapping[str | None, str] = field(default_factory=dict)
    brings: Mapping[str, str] = field(default_factory=dict)

    def migrate(
        self, venv: Path, source: Path, database_url: str, env: Mapping[str, str], revision: str | None = None
    ) -> Migrated:
        assert (venv, source, bool(env)) == (PLACE.venv, PLACE.source, True)
        assert revision is not None
        step = f"up {revision}"
        more = self.brings.get(revision, "") if step in self.steps else ""
        return self._moved(step, database_url, revision, more)

    def migrate_down(
        self, venv: Path, database_url: str, env: Mapping[str, str], revision: str | None
    ) -> Migrated:
        assert (venv, bool(env)) == (PLACE.venv, True)
        return self._moved(f"down {revision}", database_url, revision, self.leaves.get(revision, ""))

    def _moved(self, step: str, url: str, revision: str | None, more: str) -> Migrated:
        again = f"{step} again" if step in self.steps else step
        self.steps.append(step)
        if again in self.refused:
            return Migrated(ok=False, revision=None, applied=(), why=self.refused[again])
        made = self.order[: self.order.index(revision) + 1] if revision else ()
        ledger = "CREATE TABLE public.alembic_version (version_num text);\n"
        assert self.world is not None
        self.world.databases.at(url).ddl = (
            ledger + "".join(f"CREATE TABLE public.t{one} (id int);\n" for one in made) + more
        )
        return Migrated(ok=True, revision=revision, applied=())


def world(known: MigrationSet, **how: Any) -> World:  # noqa: ANN401 - fields of the moves
    """Whose migrations do that."""
    made = World(migrations=ALEMBIC)
    for one in known.revisions:
        made.write(one.path, "op.execute('CREATE EXTENSION citext')")
    made.work = Moves(
        made.files, made.evidence, world=made, order=tuple(one.id for one in known.revisions), **how
    )
    return made


def trip(known: MigrationSet, stand: DatabaseStand = NOWHERE, **how: Any) -> tuple[RoundTrip, list[str]]:  # noqa: ANN401 - same
    """What comes of it, and what was done."""
    made = world(known, **how)
    found = round_trip(made.context(), known, stand, PLACE)
    assert isinstance(made.work, Moves)
    assert made.scratch.offering == {"citext"}
    assert list(made.databases.databases) == ["live", "postgres"], "the scratch database is gone"
    return found, made.work.steps


def test_each_pending_revision_goes_up_down_and_up_again_from_where_the_live_database_stands() -> None:
    found, steps = trip(chain("1", "2", "3"), at("1"))
    assert steps == ["up 1", "up 2", "down 1", "up 2", "up 3", "down 2", "up 3"]
    assert [(one.revision, one.path, one.left, one.again, one.why) for one in found.ways] == [
        ("2", "m/2.py", (), (), ""),
        ("3", "m/3.py", (), (), ""),
    ]
    assert found.untried == ()


@pytest.mark.parametrize("stand", [NOWHERE, at()])
def test_where_no_database_lives_the_newest_one_goes(stand: DatabaseStand) -> None:
    found, steps = trip(chain("1", "2", "3"), stand)
    assert steps == ["up 2", "up 3", "down 2", "up 3"]
    assert [one.revision for one in found.ways] == ["3"]


def test_the_first_of_all_goes_down_to_the_base_and_its_ledger_stays() -> None:
    found, steps = trip(chain("1"))
    assert steps == ["up 1", "down None", "up 1"]
    assert (found.ways[0].left, found.ways[0].again) == ((), ())


def test_what_is_left_and_what_differs_the_second_time_are_told_apart() -> None:
    left = "CREATE TYPE public.mood AS ENUM ('a');\n"
    found, _ = trip(chain("1", "2"), leaves={"1": left}, brings={"2": "CREATE VIEW public.v AS SELECT 1;\n"})
    (way,) = found.ways
    assert [(one.expected, bool(one.actual)) for one in way.left] == [("", True)]
    assert "mood" in way.left[0].name
    assert ["v" in one.name for one in way.again] == [True]


@pytest.mark.parametrize(("step", "at_"), [("up 2", "up"), ("down 1", "down"), ("up 2 again", "up again")])
def test_a_move_that_fails_ends_the_way_and_what_is_behind_it_is_untried(step: str, at_: str) -> None:
    found, _ = trip(chain("1", "2", "3"), at("1"), refused={step: "no such type"})
    assert [(one.revision, one.at, one.why) for one in found.ways] == [("2", at_, "no such type")]
    assert found.untried == ("3",)


def test_a_failure_without_a_word_is_one() -> None:
    found, _ = trip(chain("1", "2"), refused={"down 1": ""})
    assert found.ways[0].why == "it failed without a word"


def test_what_the_way_down_left_is_told_also_where_the_second_up_fails() -> None:
    left = {"1": "CREATE TYPE public.mood AS ENUM ('a');\n"}
    found, _ = trip(chain("1", "2"), leaves=left, refused={"up 2 again": "type exists"})
    assert (len(found.ways[0].left), found.ways[0].at) == (1, "up again")


def test_five_are_tried_and_the_others_are_said_to_be_untried() -> None:
    found, _ = trip(chain(*"12345678"), at("1"))
    assert [one.revision for one in found.ways] == [*"23456"]
    assert found.untried == ("7", "8")


def test_a_place_to_begin_that_is_not_reached_is_unknown() -> None:
    with pytest.raises(Unavailable, match="do not run up to 1: no disk"):
        trip(chain("1", "2"), at("1"), refused={"up 1": "no disk"})


def test_where_nothing_is_pending_the_question_does_not_arise() -> None:
    with pytest.raises(NotApplicable, match="no migration is pending"):
        trip(chain("1"), at("1"))


@pytest.mark.parametrize(
    ("migrations", "place"),
    [
        (ALEMBIC | {"down_command": []}, PLACE),
        (ALEMBIC, MigrationPlace(PLACE.source, None)),
        (None, PLACE),
    ],
)
def test_without_a_way_back_the_question_does_not_arise(
    migrations: dict[str, Any] | None, place: MigrationPlace
) -> None:
    known = chain("1")
    with pytest.raises(NotApplicable, match=r"migrations\.down_command"):
        round_trip(World(migrations=migrations).context(), known, NOWHERE, place)
