"""DB018: the server fits the service."""

from collections.abc import Iterator

from hotelctl.core.check import check
from hotelctl.core.finding import FileExcerpt, Finding, Location, QueryResult, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.created_extensions import CreatedExtension
from hotelctl.facts.server_fit import IDLE, ServerFit
from hotelctl.facts.today import Today


@check(
    "DB018",
    "The server fits the service",
    severity=Severity.HIGH,
    rationale=(
        "A migration that creates an extension which the server lacks stops half-way, a version that nobody "
        "mends stays open to attack, and a session that idles in a transaction holds its locks for ever."
    ),
    remediation="Install what the migrations create, upgrade the server, and give the role a timeout.",
    references=("https://www.postgresql.org/support/versioning/",),
)
def server_fits_the_service(server: ServerFit, today: Today) -> Iterator[Finding]:
    """Findings about missing extensions, the version, and a role that may idle in a transaction for ever.

    What the service itself sets when it connects is not seen.
    """
    for one in server.lacking:
        yield _lacking(one, server)
    if ended := server.ended(today.day):
        yield Finding(
            subject=f"PostgreSQL {server.major}",
            message=f"{server.database} runs on PostgreSQL {server.version}, which nobody mends since "
            f"{ended.isoformat()}",
            evidence=(_version(server),),
            fix="pg_upgrade to a major version that is still supported",
            severity=Severity.MEDIUM,
        )
    if server.shadow_major is not None and server.shadow_major != server.major:
        yield Finding(
            subject="major version",
            message=f"{server.database} runs on PostgreSQL {server.version}; migrations are judged on "
            f"{server.shadow_major}, so their verdicts come from another major version",
            evidence=(_version(server),),
            fix="read the release notes between the two for what a migration uses",
            severity=Severity.LOW,
        )
    if server.timeouts_ms.get(IDLE) == 0:
        yield _idle(server)


def _lacking(one: CreatedExtension, server: ServerFit) -> Finding:
    place = Location(one.path, one.line)
    return Finding(
        subject=f"extension {one.name}",
        message=f"{place}: creates the extension {one.name}, which the server of {server.database} does not "
        "offer",
        evidence=(
            QueryResult(server.database, "pg_available_extensions", 0, by_shape(f"no {one.name}")),
            FileExcerpt(one.path, one.line, by_shape(f"CREATE EXTENSION {one.name}")),
        ),
        location=place,
        fix=f"install {one.name} on the server, until this names it:\n"
        f"SELECT * FROM pg_available_extensions WHERE name = '{one.name}';",
    )


def _idle(server: ServerFit) -> Finding:
    said = ", ".join(f"{name}={_shown(value)}" for name, value in sorted(server.timeouts_ms.items()))
    return Finding(
        subject=f"{IDLE} of {server.role}",
        message=f"{server.role} gets no {IDLE} in {server.database}: a session that hangs in a transaction "
        "keeps its locks, and every migration waits",
        evidence=(QueryResult(server.database, "pg_settings, pg_db_role_setting", 3, by_shape(said)),),
        fix=f"ALTER ROLE {server.role}\n    SET {IDLE} = '60s';",
        severity=Severity.LOW,
    )


def _version(server: ServerFit) -> QueryResult:
    return QueryResult(server.database, "server_version", 1, by_shape(server.version))


def _shown(value: float | None) -> str:
    return "not told" if value is None else f"{value:g} ms"
