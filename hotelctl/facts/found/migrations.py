"""Directories of migrations: Alembic, plain SQL in the order of names, Prisma, and others by name."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from hotelctl.facts.found.place import nearest

_REVISION = re.compile(r"^(down_)?revision\b[^=\n]*=", re.MULTILINE)
_SQL = re.compile(r"V?\d+[^/]*\.sql")
# Half of such a file takes the other half back, and hotelctl would run both.
_BACK = re.compile(
    r"^--\s*(migrate:down|\+goose\s+down|\+migrate\s+down|rollback\b)", re.MULTILINE | re.IGNORECASE
)
_BACK_NAME = re.compile(r"(?i).*[._-](down|undo|rollback)\.sql|U\d+__.*\.sql")
_DIRECTORY = re.compile(r"(?i)(.*/)?(db/)?(migrations?|migrate|schema_migrations|versions)")


@dataclass(frozen=True, slots=True)
class MigrationDirectory:
    """`kind` is alembic, sql, prisma or django; `why` says what keeps hotelctl from reading it.

    `more` directories of the same kind, which cannot be read either, are counted with it.
    """

    kind: str
    directory: str
    files: int
    shown_by: str
    why: str = ""
    more: int = 0


def migration_directories(names: Iterable[str], texts: Mapping[str, str]) -> tuple[MigrationDirectory, ...]:
    """All of them, those that can be read first, of these the nearest to the root."""
    every = tuple(names)
    found = [*_alembic(texts), *_django(texts), *_prisma(every)]
    taken = {one.directory for one in found}
    found += [one for one in _sql(every, texts) if not any(_below(one.directory, other) for other in taken)]
    return tuple(sorted(found, key=lambda one: (bool(one.why), nearest(one.directory))))


def _below(directory: str, other: str) -> bool:
    return f"{directory}/".startswith(f"{other}/")


def _groups(paths: Iterable[str], up: int) -> Mapping[str, list[str]]:
    """The paths by the directory `up` parts above the file."""
    found: dict[str, list[str]] = {}
    for path in paths:
        parts = path.split("/")
        if len(parts) > up:
            found.setdefault("/".join(parts[:-up]), []).append(path)
    return found


def _alembic(texts: Mapping[str, str]) -> Iterator[MigrationDirectory]:
    revisions = (
        p for p, t in texts.items() if p.endswith(".py") and "/versions/" in f"/{p}" and _REVISION.search(t)
    )
    found: dict[str, list[str]] = {}
    for path in revisions:
        found.setdefault(f"/{path}".partition("/versions/")[0].lstrip("/"), []).append(path)
    for directory, paths in found.items():
        if directory and "alembic" in texts.get(f"{directory}/env.py", ""):
            yield MigrationDirectory("alembic", directory, len(paths), f"{directory}/env.py")


def _django(texts: Mapping[str, str]) -> Iterator[MigrationDirectory]:
    made = (
        path
        for path, text in texts.items()
        if re.fullmatch(r"(.*/)?migrations/\d{4}_\w+\.py", path) and "migrations.Migration" in text
    )
    groups = sorted(_groups(made, 1).items(), key=lambda group: nearest(group[0]))
    if groups:
        first, paths = groups[0]
        count = sum(len(others) for _directory, others in groups)
        why = "hotelctl does not read Django's migrations"
        yield MigrationDirectory("django", first, count, min(paths), why, len(groups) - 1)


def _prisma(names: Iterable[str]) -> Iterator[MigrationDirectory]:
    made = (path for path in names if re.fullmatch(r"(.*/)?migrations/[^/]+/migration\.sql", path))
    for directory, paths in _groups(made, 2).items():
        yield MigrationDirectory(
            "prisma", directory, len(paths), min(paths), "hotelctl does not run Prisma's migrations"
        )


def _sql(names: Iterable[str], texts: Mapping[str, str]) -> Iterator[MigrationDirectory]:
    """Directories called migrations, or whose files are all numbered."""
    for directory, paths in _groups((path for path in names if path.endswith(".sql")), 1).items():
        numbered = [path for path in paths if _SQL.fullmatch(path.rpartition("/")[2])]
        if not numbered or not _DIRECTORY.fullmatch(directory):
            continue
        back = next((p for p in sorted(paths) if _goes_back(p, texts.get(p, ""))), None)
        why = f"{back} takes a migration back, and hotelctl runs every file of a directory" if back else ""
        yield MigrationDirectory("sql", directory, len(paths), min(paths), why)


def _goes_back(path: str, text: str) -> bool:
    return _BACK_NAME.fullmatch(path.rpartition("/")[2]) is not None or _BACK.search(text) is not None
