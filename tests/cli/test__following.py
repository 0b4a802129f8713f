"""Which facts are kept: none that something has a part in which lives."""

from collections.abc import Iterable

import pytest

from hotelctl.cli._following import OF_A_SERVER, following
from hotelctl.core.judging import needs
from hotelctl.facts.advisories import Advisories
from hotelctl.facts.applied_migrations import AppliedMigrations
from hotelctl.facts.bill_of_materials import BillOfMaterials
from hotelctl.facts.connection_room import ConnectionRoom
from hotelctl.facts.data_preflight import DataPreflight
from hotelctl.facts.freeze_windows import FreezeWindows
from hotelctl.facts.live_answers import LiveAnswers
from hotelctl.facts.live_database import DatabaseStand, LiveDatabase
from hotelctl.facts.migration_estimate import MigrationEstimate
from hotelctl.facts.migration_obstacles import MigrationObstacles
from hotelctl.facts.migration_run import MigrationRun
from hotelctl.facts.old_code import OldCode
from hotelctl.facts.round_trip import RoundTrip
from hotelctl.facts.schema_text import BuiltSchema, LiveDump, LiveSchema, SchemaAtLive
from hotelctl.facts.server_fit import ServerFit
from hotelctl.facts.today import Today
from hotelctl.probes.registry import IN_A_SANDBOX, PROBES
from tests.probes.worlds import World

_OF_A_DATABASE = {DatabaseStand, LiveDatabase, LiveDump, LiveSchema, SchemaAtLive, BuiltSchema, ServerFit}
_OF_MIGRATIONS = {MigrationRun, MigrationEstimate, MigrationObstacles, RoundTrip, OldCode, DataPreflight}


def _followed(kinds: Iterable[type], *, database_lives: bool, **migrations: object) -> set[type]:
    base = {"kind": "sql", "directory": "migrations"}
    spec = World(migrations=base | migrations).spec
    found = following(spec, database_lives=database_lives)
    return {kind for kind in kinds if IN_A_SANDBOX[kind] in found}


def test_what_an_empty_throw_away_database_says_follows_from_the_commit() -> None:
    every = _OF_A_DATABASE | _OF_MIGRATIONS
    assert _followed(every, database_lives=False) == every


def test_beside_a_database_that_lives_nothing_of_it_does() -> None:
    assert _followed(_OF_A_DATABASE | _OF_MIGRATIONS, database_lives=True) == set()


@pytest.mark.parametrize("named", [{"shadow_url_env": "SHADOW_URL"}, {"shadow_image": "postgis:17"}])
def test_a_server_or_an_image_that_somebody_named_for_shadows_is_asked_each_time(
    named: dict[str, str],
) -> None:
    lost = _OF_MIGRATIONS - _followed(_OF_MIGRATIONS, database_lives=False, **named)
    assert lost == {MigrationRun, MigrationEstimate}


def test_a_replica_that_somebody_named_for_rows_is_asked_each_time() -> None:
    lost = _OF_MIGRATIONS - _followed(_OF_MIGRATIONS, database_lives=False, preflight_url_env="REPLICA_URL")
    assert lost == {DataPreflight}


def test_the_calendar_advisories_and_what_serves_are_asked_each_time() -> None:
    assert _followed((Today, FreezeWindows, Advisories), database_lives=False) == set()
    assert PROBES[LiveAnswers] not in following(World().spec, database_lives=False)


def test_each_fact_that_is_named_is_there_and_so_is_its_program() -> None:
    found = following(World(tests={"command": ["pytest"]}).spec, database_lives=False)
    programs = {probe: found[probe] for probe in found}
    assert len(programs) == len(found) == 43
    assert programs[PROBES[BillOfMaterials]] == ("cyclonedx-py",)
    assert sum(map(len, programs.values())) == 6
    assert set(OF_A_SERVER) == _OF_A_DATABASE | _OF_MIGRATIONS | {AppliedMigrations, ConnectionRoom}


def test_nothing_that_follows_from_a_server_or_the_calendar_is_built_on_by_what_is_kept_without_it() -> None:
    """A probe may be in the list only with all that it builds on and that asks a database."""
    asks = _OF_A_DATABASE | _OF_MIGRATIONS
    kept = following(World().spec, database_lives=True)
    assert [probe for probe in kept if asks & set(needs(probe))] == []
