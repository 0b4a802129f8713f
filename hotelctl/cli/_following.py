"""Which facts follow from the commit, the programs and the settings alone, so that they hold for a while.

What asks a database that lives, a release that serves, another machine or the calendar is none of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from hotelctl.config.service import ServiceSpec
from hotelctl.core.by_name import ByName, read
from hotelctl.core.judging import Probe
from hotelctl.probes.registry import IN_A_SANDBOX, WHERE_SQL_MIGRATES

# By name, below hotelctl.facts: a command reads the facts alone that it asks for.
_OF_THE_COMMIT: Iterable[str] = (
    *("code_reads.CodeReads", "artifact.Export", "tree_files.TreeFiles", "idle_tests.IdleTests"),
    *("artifact.Artifact", "leaving.ArtifactFiles", "artifact.ArtifactSize", "artifact.PackageData"),
    *("rebuild.Rebuild", "version_claims.VersionClaims", "wheel.Wheel", "migration_run.MigrationPlace"),
    *("environment_packages.EnvironmentPackages", "installation.Imported", "installation.Installation"),
    *("leaving.LeavingCopies", "demo_accounts.DemoAccounts", "live_answers.LiveAnswers"),
    *("sandbox_answers.SandboxAnswers", "secret_copies.SecretCopies"),
)
# Left out where somebody else ran them: what that left lies beside what git tracks.
_OF_TESTS = ("test_run.TestRun",)
_WHERE_NO_DATABASE_LIVES: Iterable[str] = (
    # Beside a live one, its roles and extensions would be those of the schema that is built.
    *("schema_text.BuiltSchema", "live_database.DatabaseStand", "live_database.LiveDatabase"),
    *("schema_text.LiveDump", "schema_text.LiveSchema", "schema_text.SchemaAtLive", "server_fit.ServerFit"),
    *("applied_migrations.AppliedMigrations", "connection_room.ConnectionRoom"),
    *("migration_obstacles.MigrationObstacles", "old_code.OldCode", "round_trip.RoundTrip"),
)
_ON_A_SHADOW = ("migration_run.MigrationRun", "migration_estimate.MigrationEstimate")
_OF_ROWS = ("data_preflight.DataPreflight",)
# Each with where its program is named.
_WITH_A_PROGRAM: Mapping[str, str] = {
    "bill_of_materials.BillOfMaterials": "bill_of_materials.PROGRAM",
    "declared_imports.DeclaredImports": "declared_imports.PROGRAM",
    "rendered_metadata.RenderedMetadata": "rendered_metadata.PROGRAM",
    "wheel_contents.WheelContents": "wheel_contents.PROGRAM",
}
# With the program that the service file chooses.
_WITH_THE_SCANNER = ("leaving.LeavingLeaks", "leaks.TreeLeaks")


def _full(fact: str) -> str:
    return f"hotelctl.facts.{fact}"


_SERVED = (*_WHERE_NO_DATABASE_LIVES, *_ON_A_SHADOW, *_OF_ROWS)
OF_A_SERVER: AbstractSet[type] = ByName(dict.fromkeys(map(_full, _SERVED))).keys()
"""What the server that is asked has a part in, whichever stands in for a live one."""


_SCANNER = "the scanner"


class Following(Mapping[Probe, tuple[str, ...]]):
    """Probes whose facts follow from the commit, each with the outside programs that it asks.

    `named` are the full names of the probes, each with where its program is named, and those that are
    `searching` ask `scanner`.
    """

    def __init__(self, named: Mapping[str, str | None], searching: Iterable[str], scanner: str) -> None:
        """Take the names."""
        self._named = ByName({**named, **dict.fromkeys(searching, _SCANNER)})
        self._scanner = scanner

    def __getitem__(self, probe: Probe) -> tuple[str, ...]:
        """The programs that it asks. Raises `KeyError`."""
        place = self._named[probe]
        if place is None:
            return ()
        return (self._scanner if place is _SCANNER else read(place),)

    def __contains__(self, probe: object) -> bool:
        """Whether its facts follow."""
        return probe in self._named

    def __iter__(self) -> Iterator[Probe]:
        """All of them, read."""
        return iter(self._named)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._named)


def following(spec: ServiceSpec, *, database_lives: bool) -> Following:
    """The probes of such facts of a clean checkout, each with the outside programs that it asks.

    Live answers are those of a sandbox here: what serves has another probe. Where no database lives, an
    empty throw-away one says what follows from hotelctl itself, and so does what migrations do there.
    """
    plain = (*_OF_THE_COMMIT, *_of_tests(spec), *(() if database_lives else _without_a_database(spec)))
    asked = {**dict.fromkeys(plain, None), **_WITH_A_PROGRAM}
    probes = {IN_A_SANDBOX.names[_full(fact)]: place and _full(place) for fact, place in asked.items()}
    searching = [IN_A_SANDBOX.names[_full(fact)] for fact in _WITH_THE_SCANNER]
    plain_sql = dict.fromkeys(WHERE_SQL_MIGRATES.names.values(), None)
    return Following(probes | plain_sql, searching, spec.secrets.scanner)


def _of_tests(spec: ServiceSpec) -> Iterable[str]:
    return _OF_TESTS if spec.tests is not None and spec.tests.command else ()


def _without_a_database(spec: ServiceSpec) -> Iterable[str]:
    """What no server of somebody else has a part in."""
    given = spec.migrations
    shadow = () if given and (given.shadow_url_env or given.shadow_image) else _ON_A_SHADOW
    rows = () if given and given.preflight_url_env else _OF_ROWS
    return (*_WHERE_NO_DATABASE_LIVES, *shadow, *rows)
