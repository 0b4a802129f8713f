"""Which facts follow from the commit, the programs and the settings alone, so that they hold for a while.

What asks a database that lives, a release that serves, another machine or the calendar is none of them.
"""

from collections.abc import Iterable, Mapping

from hotelctl.config.service import ServiceSpec
from hotelctl.facts import bill_of_materials, declared_imports, rendered_metadata, wheel_contents
from hotelctl.facts.applied_migrations import AppliedMigrations
from hotelctl.facts.artifact import Artifact, ArtifactSize, Export, PackageData
from hotelctl.facts.bill_of_materials import BillOfMaterials
from hotelctl.facts.code_reads import CodeReads
from hotelctl.facts.connection_room import ConnectionRoom
from hotelctl.facts.data_preflight import DataPreflight
from hotelctl.facts.declared_imports import DeclaredImports
from hotelctl.facts.demo_accounts import DemoAccounts
from hotelctl.facts.environment_packages import EnvironmentPackages
from hotelctl.facts.idle_tests import IdleTests
from hotelctl.facts.installation import Imported, Installation
from hotelctl.facts.leaks import TreeLeaks
from hotelctl.facts.leaving import ArtifactFiles, LeavingCopies, LeavingLeaks
from hotelctl.facts.live_answers import LiveAnswers
from hotelctl.facts.live_database import DatabaseStand, LiveDatabase
from hotelctl.facts.migration_estimate import MigrationEstimate
from hotelctl.facts.migration_obstacles import MigrationObstacles
from hotelctl.facts.migration_run import MigrationPlace, MigrationRun
from hotelctl.facts.old_code import OldCode
from hotelctl.facts.rebuild import Rebuild
from hotelctl.facts.rendered_metadata import RenderedMetadata
from hotelctl.facts.round_trip import RoundTrip
from hotelctl.facts.sandbox_answers import SandboxAnswers
from hotelctl.facts.schema_text import BuiltSchema, LiveDump, LiveSchema, SchemaAtLive
from hotelctl.facts.secret_copies import SecretCopies
from hotelctl.facts.server_fit import ServerFit
from hotelctl.facts.test_run import TestRun
from hotelctl.facts.tree_files import TreeFiles
from hotelctl.facts.version_claims import VersionClaims
from hotelctl.facts.wheel import Wheel
from hotelctl.facts.wheel_contents import WheelContents
from hotelctl.probes.registry import IN_A_SANDBOX, WHERE_SQL_MIGRATES, Probe

_OF_THE_COMMIT: Iterable[type] = (
    *(CodeReads, Export, TreeFiles, IdleTests, TestRun),
    *(Artifact, ArtifactFiles, ArtifactSize, PackageData, Rebuild, VersionClaims, Wheel),
    *(EnvironmentPackages, Imported, Installation, LeavingCopies, MigrationPlace),
    *(DemoAccounts, LiveAnswers, SandboxAnswers, SecretCopies),
)
_WHERE_NO_DATABASE_LIVES: Iterable[type] = (
    # Beside a live one, its roles and extensions would be those of the schema that is built.
    *(BuiltSchema, DatabaseStand, LiveDatabase, LiveDump, LiveSchema, SchemaAtLive, ServerFit),
    *(AppliedMigrations, ConnectionRoom, MigrationObstacles, OldCode, RoundTrip),
)
_ON_A_SHADOW: Iterable[type] = (MigrationRun, MigrationEstimate)
OF_A_SERVER: frozenset[type] = frozenset({*_WHERE_NO_DATABASE_LIVES, *_ON_A_SHADOW, DataPreflight})
"""What the server that is asked has a part in, whichever stands in for a live one."""
_WITH_A_PROGRAM: Mapping[type, str] = {
    BillOfMaterials: bill_of_materials.PROGRAM,
    DeclaredImports: declared_imports.PROGRAM,
    RenderedMetadata: rendered_metadata.PROGRAM,
    WheelContents: wheel_contents.PROGRAM,
}
_WITH_THE_SCANNER: Iterable[type] = (LeavingLeaks, TreeLeaks)


def following(spec: ServiceSpec, *, database_lives: bool) -> Mapping[Probe, tuple[str, ...]]:
    """The probes of such facts of a clean checkout, each with the outside programs that it asks.

    Live answers are those of a sandbox here: what serves has another probe. Where no database lives, an
    empty throw-away one says what follows from hotelctl itself, and so does what migrations do there.
    """
    kinds = [*_OF_THE_COMMIT, *(() if database_lives else _without_a_database(spec))]
    with_one = {**_WITH_A_PROGRAM, **dict.fromkeys(_WITH_THE_SCANNER, spec.secrets.scanner)}
    asked = {**dict.fromkeys(kinds, ()), **{kind: (name,) for kind, name in with_one.items()}}
    if spec.tests is None or not spec.tests.command:
        # They were run by somebody else, and lie beside what git tracks.
        del asked[TestRun]
    plain = dict.fromkeys(WHERE_SQL_MIGRATES.values(), ())
    return {IN_A_SANDBOX[kind]: programs for kind, programs in asked.items()} | plain


def _without_a_database(spec: ServiceSpec) -> Iterable[type]:
    """What no server of somebody else has a part in."""
    given = spec.migrations
    shadow = () if given and (given.shadow_url_env or given.shadow_image) else _ON_A_SHADOW
    rows = () if given and given.preflight_url_env else (DataPreflight,)
    return (*_WHERE_NO_DATABASE_LIVES, *shadow, *rows)
