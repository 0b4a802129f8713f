"""Directories of migrations: Alembic, plain SQL in the order of names, Prisma, Flyway, and others by name."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hotelctl.facts.found.place import nearest

_REVISION = re.compile(r"^(down_)?revision\b[^=\n]*=", re.MULTILINE)
_SQL = re.compile(r"\d+[^/]*\.sql")
# Half of such a file takes the other half back, and hotelctl would run both.
_BACK = re.compile(
    r"^--\s*(migrate:down|\+goose\s+down|\+migrate\s+down|rollback\b)", re.MULTILINE | re.IGNORECASE
)
_BACK_NAME = re.compile(r"(?i).*[._-](down|undo|rollback)\.sql")
_FLYWAY = re.compile(r"V\d+([._]\d+)*__.+\.sql")
_PLACEHOLDER = re.compile(r"\$\{\w[^}]*\}")
# By a part of its path, by words in its text, by the name that Prisma has for it.
_ELSEWHERE = (
    "clickhouse mysql mariadb sqlite mssql sqlserver oracle cockroachdb snowflake bigquery cassandra d1"
)
_OTHER_PATH = re.compile(rf"(?i)(^|[/_.-])({'|'.join(_ELSEWHERE.split())})([/_.-]|$)")
_OTHER_WORDS = re.compile(
    r"(?im)\bENGINE\s*=\s*\w+|\bAUTO_?INCREMENT\b|^\s*(CREATE|ALTER)\s+TABLE\s+(IF\s+NOT\s+EXISTS\s+)?`"
)
_PROVIDER = re.compile(r'(?m)^\s*provider\s*=\s*"(\w+)"')
LOCK = "migration_lock.toml"
_DIRECTORY = re.compile(r"(?i)(.*/)?(db/)?(migrations?|migrate|schema_migrations|versions)")


@dataclass(frozen=True, slots=True)
class MigrationDirectory:
    """`kind` is alembic, sql, prisma, flyway or django; `why` says what keeps hotelctl from reading it.

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
    found = [*_alembic(texts), *_django(texts), *_prisma(every, texts), *_flyway(every, texts)]
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
        why = (
            "hotelctl does not run Django's migrations; it judges SQL, as manage.py sqlmigrate APP NAME "
            'prints it, in numbered files of a directory that kind = "sql" names'
        )
        yield MigrationDirectory("django", first, count, min(paths), why, len(groups) - 1)


def _prisma(names: Sequence[str], texts: Mapping[str, str]) -> Iterator[MigrationDirectory]:
    made = [path for path in names if re.fullmatch(r"(.*/)?[^/]*migrations?/[^/]+/migration\.sql", path)]
    for directory, paths in _groups(made, 2).items():
        why = _of_another_database(directory, paths, texts) or _program(directory, names)
        yield MigrationDirectory("prisma", directory, len(paths), min(paths), why)


def _of_another_database(directory: str, paths: Iterable[str], texts: Mapping[str, str]) -> str:
    """Why hotelctl, which runs PostgreSQL, cannot run them; empty where nothing speaks against it."""
    said = _PROVIDER.search(texts.get(f"{directory}/{LOCK}", ""))
    if said:
        return "" if said[1] == "postgresql" else f"they are for {said[1]}, and hotelctl runs PostgreSQL"
    named = _OTHER_PATH.search(directory)
    if named:
        return f"by its name it is for {named[2].lower()}, and hotelctl runs PostgreSQL"
    odd = next((path for path in sorted(paths) if _OTHER_WORDS.search(texts.get(path, ""))), None)
    return f"{odd} is written for another database than PostgreSQL" if odd else ""


def _program(directory: str, names: Iterable[str]) -> str:
    """Why SQL alone is not the whole of it: some of the steps between are programs."""
    below = re.compile(re.escape(directory) + r"/[^/]+/migration\.(ts|js|mjs|py)")
    odd = next((path for path in sorted(names) if below.fullmatch(path)), None)
    return (
        f"{odd} is a program, which hotelctl does not run, and what comes after it may need it" if odd else ""
    )


def _flyway(names: Iterable[str], texts: Mapping[str, str]) -> Iterator[MigrationDirectory]:
    made = (path for path in names if _FLYWAY.fullmatch(path.rpartition("/")[2]))
    for directory, paths in _groups(made, 1).items():
        odd = next((path for path in sorted(paths) if _PLACEHOLDER.search(texts.get(path, ""))), None)
        filled = f"{odd} has placeholders, which Flyway fills in" if odd else ""
        why = _of_another_database(directory, paths, texts) or filled
        yield MigrationDirectory("flyway", directory, len(paths), min(paths), why)


def _sql(names: Iterable[str], texts: Mapping[str, str]) -> Iterator[MigrationDirectory]:
    """Directories called migrations, or whose files are all numbered."""
    for directory, paths in _groups((path for path in names if path.endswith(".sql")), 1).items():
        numbered = [path for path in paths if _SQL.fullmatch(path.rpartition("/")[2])]
        if not numbered or not _DIRECTORY.fullmatch(directory):
            continue
        back = next((p for p in sorted(paths) if _goes_back(p, texts.get(p, ""))), None)
        why = f"{back} takes a migration back, and hotelctl runs every file of a directory" if back else ""
        why = _of_another_database(directory, paths, texts) or why
        yield MigrationDirectory("sql", directory, len(paths), min(paths), why)


def _goes_back(path: str, text: str) -> bool:
    return _BACK_NAME.fullmatch(path.rpartition("/")[2]) is not None or _BACK.search(text) is not None
