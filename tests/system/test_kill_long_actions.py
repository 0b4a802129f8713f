"""`kill -9` inside what takes long: tests, build, installing, dump, restore, migration statement.

One kill in each is always run. All of them, each followed by `resume` and by `abort`, half of them of the
whole process group, and double kills at 50 random pairs of places are run by HOTELCTL_KILL_MATRIX=all.
"""

import os
import random
import signal
from collections.abc import Iterable

import psycopg
import pytest

from hotelctl.adapters.embedded import EmbeddedPostgres
from hotelctl.adapters.load.run import Load
from hotelctl.config.release_env import with_database
from tests.load.background import under_load
from tests.system.killing import Inside, Way, every_kill, strike, strike_twice
from tests.system.site import Site

pytestmark = pytest.mark.system
WHOLE = pytest.mark.skipif(
    os.environ.get("HOTELCTL_KILL_MATRIX") != "all",
    reason="takes half an hour: HOTELCTL_KILL_MATRIX=all runs the kills that are left out otherwise",
)
_PLACES = {
    "pytest": ("start", "50ms", "200ms", "400ms", "end"),
    "hatchling": ("start", "50ms", "150ms", "end"),
    "pip": ("start", "100ms", "end"),
    "pg_dump": ("start", "10ms", "end"),
    "pg_dump#2": ("start", "10ms", "end"),
    "pg_restore": ("start", "10ms", "end"),
    "rehearsal": ("start", "50ms", "200ms", "end"),
    "migration": ("start", "50ms", "200ms", "end"),
}
PLACES = tuple(f"{when}:{what}" for what, moments in _PLACES.items() for when in moments)
FEW = (
    "200ms:pytest!",
    "50ms:hatchling",
    "10ms:pg_dump#2!",
    "10ms:pg_restore",
    "200ms:migration!",
    "100ms:pip",
)
PAIRS, RATE = 50, 200
# So long a statement takes that is to be killed amid.
_SLOWLY = "SELECT pg_sleep(0.4);\nALTER TABLE notes ADD COLUMN turn_{turn} text;\n"
_CONCURRENTLY = """-- hotelctl: no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS notes_by_text ON notes (text);
"""
_BUILDERS = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_progress_create_index"
_VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('notes_by_text')"


def migrate(site: Site) -> None:
    """One more migration, which takes a while."""
    site.migrate(_SLOWLY.format(turn=site.turn + 1))


def serve(site: Site) -> None:
    """A release serves that a migrated one came before, so that each later deploy is like the next."""
    site.deploy().expect(0)
    migrate(site)
    site.deploy().expect(0)


def killed(site: Site, kills: Iterable[Inside], rate: float) -> dict[str, int]:
    """How many ended how, while a client that never retries asks so often and loses nothing."""
    ends: dict[str, int] = {}
    with under_load(Load(f"{site.url}/notes", rate=rate, connections=8)) as load:
        for kill in kills:
            migrate(site)
            found = strike(site, kill)
            ends[found] = ends.get(found, 0) + 1
            print(kill, found)  # noqa: T201 - shown by pytest when one fails
    assert (load.summary["failed"], load.summary["ok"]) == (0, load.summary["sent"]), load.summary
    print(ends, load.summary["sent"], "requests")  # noqa: T201 - the figures
    return ends


def pairs(site: Site, number: int) -> dict[str, int]:
    """How many ended how that were killed at one random place, and their resume at another."""
    places = [*PLACES, *(kill.fault for kill in every_kill(site.records(), "resume"))]
    chance, ends = random.Random(7), dict[str, int]()  # noqa: S311 - no secret
    with under_load(Load(f"{site.url}/notes", rate=RATE, connections=8)) as load:
        for _ in range(number):
            migrate(site)
            first, second = (f"{place}{chance.choice(('', '!'))}" for place in chance.sample(places, 2))
            way: Way = chance.choice(("resume", "abort"))
            found = strike_twice(site, first, second, way)
            ends[found] = ends.get(found, 0) + 1
            print(first, second, way, found)  # noqa: T201 - shown by pytest when one fails
    assert (load.summary["failed"], load.summary["ok"]) == (0, load.summary["sent"]), load.summary
    print(ends, load.summary["sent"], "requests")  # noqa: T201 - the figures
    return ends


def test_there_are_twenty_places_inside_long_actions() -> None:
    assert len([place for place in PLACES if not place.startswith("end:")]) >= 20


def test_a_deploy_killed_inside_long_actions_goes_on_or_back(bare: Site) -> None:
    serve(bare)
    ways: tuple[Way, ...] = ("resume", "abort")
    ends = killed(bare, [Inside(fault, ways[n % 2]) for n, fault in enumerate(FEW)], 50)
    assert ends == {"succeeded": 3, "stopped": 3}


def test_an_index_whose_concurrent_build_was_killed_is_built_anew(bare: Site) -> None:
    """Its server process ends, too; IF NOT EXISTS would take what it leaves for the index."""
    bare.deploy().expect(0)
    url = with_database(EmbeddedPostgres(bare.places.postgres).ensure(), "plain_notes")
    bare.migrate(_CONCURRENTLY)
    with psycopg.connect(url) as writer, psycopg.connect(url, autocommit=True) as look:
        # What writes to the table is waited for, on the real database only.
        writer.execute("INSERT INTO notes (text) VALUES ('open')")
        assert bare.run("deploy", "--yes", fault="300ms:migration").code == -signal.SIGKILL
        assert look.execute(_BUILDERS).fetchall() == [(True,)]
        assert look.execute(_VALID).fetchall() == [(False,)]
        writer.rollback()
        bare.run("resume").expect(0)
        assert look.execute(_VALID).fetchall() == [(True,)]


@WHOLE
@pytest.mark.parametrize("way", ["resume", "abort"])
def test_every_kill_inside_long_actions(bare: Site, way: Way) -> None:
    serve(bare)
    kills = [Inside(f"{place}{'!' * (n % 2)}", way) for n, place in enumerate(PLACES)]
    assert set(killed(bare, kills, RATE)) == {"succeeded" if way == "resume" else "stopped"}


@WHOLE
def test_double_kills_at_random_pairs(bare: Site) -> None:
    serve(bare)
    assert sum(pairs(bare, PAIRS).values()) == PAIRS
