"""How tools lay out SQL migrations: which files they run, what each is called, and in which order.

Source: the pages of Prisma Migrate and of Flyway on the names of migrations.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from hotelctl.core.errors import Unavailable

Order = tuple[int, tuple[int, ...], str]
_AGAIN = 1
_SCRIPT = "substring(script FROM '[^/]+$')"
# What was undone, or is gone and marked so by a repair, is noted once more as something else.
_KEY = f"coalesce(version, {_SCRIPT})"
_LATEST = (
    f"FROM (SELECT DISTINCT ON ({_KEY}) script, checksum, type FROM flyway_schema_history"  # noqa: S608 - fixed
    f" WHERE success ORDER BY {_KEY}, installed_rank DESC) latest WHERE type = 'SQL'"
)
_FLYWAY = re.compile(r"(?:V(?P<version>\d+(?:[._]\d+)*)|R)__.+\.sql")


@dataclass(frozen=True, slots=True)
class SqlLayout:
    """`pattern` finds the files below their directory, `name` is what a path's migration is called.

    `order` is a key by which names come in the order in which they run; None for what is no migration.
    `applied` asks a database for the name and the SHA-256 of each that it has; the digest is empty where
    its tool notes none. `whole` says that a file may not end its transaction itself. `checksums` asks for the
    name and the number that the tool notes of each file instead of a digest, when it ran it last.

    `baseline` asks for what stands for files that no row names. `each` says that the ledger names each file
    that a database has, so that it lacks what is not named wherever that stands, `late` that the tool runs
    such a file behind those that it stands before, `marked` that it reads over a mark of byte order at the
    begin of a file.
    """

    pattern: str
    name: Callable[[str], str]
    order: Callable[[str], Order | None]
    applied: str
    whole: bool = False
    checksums: str = ""
    baseline: str = ""
    each: bool = False
    late: bool = False
    marked: bool = False

    def named(self, paths: Collection[str]) -> dict[str, str]:
        """The paths of all that are migrations by their names, in the order in which they run.

        Raises:
            Unavailable: two of them have one name or number, of which their own tool runs neither.

        """
        found = {self.name(path): path for path in paths}
        taken: dict[object, str] = {}
        for path in sorted(paths):
            if rank := self.order(self.name(path)):
                other = taken.setdefault(rank[:2] if rank[1] else rank, path)
                if other != path:
                    raise Unavailable(f"{other} and {path} are one migration by their names: neither is run")
        return {name: found[name] for name in self.sorted(found)}

    def sorted(self, names: Iterable[str]) -> list[str]:
        """Those of the names that are migrations, in the order in which they run."""
        ranked = [(rank, name) for name in names if (rank := self.order(name)) is not None]
        return [name for _rank, name in sorted(ranked)]

    def again(self, name: str) -> bool:
        """Whether it is run again whenever it changes."""
        rank = self.order(name)
        return rank is not None and rank[0] == _AGAIN

    def before(self, one: str, other: str) -> bool:
        """Whether `one` runs before `other`."""
        return self.sorted((one, other))[0] == one and one != other


def _file(path: str) -> str:
    return path.rpartition("/")[2]


def _directory(path: str) -> str:
    return _file(path.rpartition("/")[0])


def _by_name(name: str) -> Order:
    return 0, (), name


def _by_version(name: str) -> Order | None:
    """Numbered ones by their numbers; those that are run again whenever they change come last."""
    hit = _FLYWAY.fullmatch(name)
    if hit is None:
        return None
    if hit["version"] is None:
        return _AGAIN, (), name
    parts = [int(part) for part in re.split(r"[._]", hit["version"])]
    # 1 and 1.0 are one version.
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return 0, tuple(parts), name


SQL_LAYOUTS: Mapping[str, SqlLayout] = MappingProxyType(
    {
        "sql": SqlLayout(
            "*.sql", _file, _by_name, "SELECT name, sha256 FROM schema_migrations", whole=True, each=True
        ),
        "prisma": SqlLayout(
            "*/migration.sql",
            _directory,
            _by_name,
            "SELECT migration_name, checksum FROM _prisma_migrations"
            " WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL",
            each=True,
            late=True,
        ),
        "flyway": SqlLayout(
            "**/*.sql",
            _file,
            _by_version,
            f"SELECT DISTINCT {_SCRIPT}, '' {_LATEST}",
            checksums=f"SELECT {_SCRIPT}, checksum {_LATEST}",
            baseline="SELECT version FROM flyway_schema_history WHERE success AND type = 'BASELINE'",
            marked=True,
        ),
    }
)
"""By the kind that a service file names."""

OWN_LEDGER = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    name text PRIMARY KEY,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""
"""Where hotelctl notes the SQL migrations that it ran, on a throw-away database those of other tools, too."""
