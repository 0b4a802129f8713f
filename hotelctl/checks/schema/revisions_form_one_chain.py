"""DB001: one migration head, and the database is on the chain."""

from collections.abc import Iterator

from hotelctl.core.check import check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import FileExcerpt, Finding, Location, QueryResult, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.live_database import DatabaseStand, LiveDatabase
from hotelctl.facts.migration_set import MigrationSet, Revision

_SHOWN = 5
_OWN_DATABASE = "createdb NAME, and point the service's database URL at it"


@check(
    "DB001",
    "One migration head, and the database is on the chain",
    severity=Severity.CRITICAL,
    rationale=(
        "Two heads cannot be upgraded, and a database at an unknown revision is somebody else's or a "
        "newer one's."
    ),
    remediation=(
        "Merge the heads; give the release a database of its own; deploy the checkout that the database "
        "belongs to."
    ),
)
def revisions_form_one_chain(migrations: MigrationSet, database: DatabaseStand) -> Iterator[Finding]:
    """Findings about heads, gaps and repeats in the sources, and about where the database stands.

    A service without a database of its own is judged by its sources alone.

    Raises:
        Unavailable: the database cannot be asked.

    """
    yield from _about_sources(migrations)
    if database.live is not None:
        yield from _about_database(migrations, database.live)
    elif database.why:
        raise Unavailable(database.why)


def _about_sources(migrations: MigrationSet) -> Iterator[Finding]:
    if len(migrations.heads) != 1:
        named = ", ".join(migrations.heads) or "none"
        heads = [one for one in migrations.revisions if one.id in migrations.heads]
        yield Finding(
            subject="heads",
            message=f"{len(migrations.heads)} migration heads ({named}), exactly one is needed",
            evidence=tuple(_excerpt(one) for one in heads or migrations.revisions),
            location=Location(heads[-1].path) if heads else None,
            fix=f"alembic merge -m 'one head' {' '.join(migrations.heads)}",
        )
    for one in (*migrations.dangling, *(r for r in migrations.revisions if r.id in migrations.repeated)):
        why = (
            "is claimed by two files" if one.id in migrations.repeated else "stands on one that is not there"
        )
        yield Finding(
            subject=one.id,
            message=f"{one.path}: revision {one.id} {why}",
            evidence=(_excerpt(one),),
            location=Location(one.path),
            fix="give every file its own revision and an existing down_revision",
        )


def _about_database(migrations: MigrationSet, database: LiveDatabase) -> Iterator[Finding]:
    unknown = [one for one in database.revisions if one not in migrations.ids]
    first = ", ".join(database.objects[:_SHOWN])
    if unknown:
        held = f" (it holds {first})" if first else ""
        yield Finding(
            subject=database.name,
            message=f"database {database.name} is at {', '.join(unknown)}, which this checkout does not "
            f"know{held}",
            evidence=(_asked(database, ", ".join(database.revisions)),),
            fix="git log --all -- the migrations directory, and\n"
            f"deploy the checkout that has it; or\n{_OWN_DATABASE}",
        )
    if database.objects and not database.revisions:
        number = f"{len(database.objects)} object{'s' if len(database.objects) > 1 else ''}"
        yield Finding(
            subject=database.name,
            message=f"database {database.name} holds {number} that no migration of "
            f"this checkout made ({first}): it belongs to something else",
            evidence=(_asked(database, first),),
            fix=_OWN_DATABASE,
        )


def _excerpt(revision: Revision) -> FileExcerpt:
    text = f"revision {revision.id} on {', '.join(revision.down) or 'nothing'}"
    return FileExcerpt(revision.path, None, by_shape(text))


def _asked(database: LiveDatabase, shown: str) -> QueryResult:
    rows = len(database.revisions) or len(database.objects)
    return QueryResult(database.name, "revisions and objects", rows, by_shape(shown))
