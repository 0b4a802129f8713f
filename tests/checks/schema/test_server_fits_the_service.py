from dataclasses import replace
from datetime import date

from hotelctl.checks.schema.server_fits_the_service import server_fits_the_service
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.created_extensions import CreatedExtension
from hotelctl.facts.server_fit import IDLE, LOCK, STATEMENT, ServerFit
from hotelctl.facts.today import Today
from tests.checks import made

_GOOD = ServerFit(
    database="live",
    version="18.4",
    shadow_major=18,
    role="app",
    timeouts_ms={STATEMENT: None, LOCK: 0.0, IDLE: 60_000.0},
    wanted=(CreatedExtension("citext", "m/1.sql", 2),),
    offered=frozenset({"citext"}),
)
_TODAY = Today(date(2026, 11, 30))


def _judged(server: ServerFit, today: Today = _TODAY) -> list[Finding]:
    return made.judged(server_fits_the_service, server, today)


def test_a_server_that_has_all_is_fine() -> None:
    assert not _judged(_GOOD)
    assert not _judged(replace(_GOOD, shadow_major=None, wanted=()))
    assert not _judged(replace(_GOOD, timeouts_ms={IDLE: None}))


def test_an_extension_that_the_server_lacks_is_named_with_its_place() -> None:
    (found,) = _judged(replace(_GOOD, offered=frozenset()))
    assert found.message == (
        "m/1.sql:2: creates the extension citext, which the server of live does not offer"
    )
    assert (str(found.location), found.severity) == ("m/1.sql:2", None)
    assert found.fix.startswith("install citext on the server")


def test_a_version_at_its_end_of_life_is_told_with_the_date() -> None:
    old = replace(_GOOD, version="14.20", shadow_major=14)
    (found,) = _judged(old)
    assert found.message == "live runs on PostgreSQL 14.20, which nobody mends since 2026-11-12"
    assert found.severity is Severity.MEDIUM
    assert not _judged(old, Today(date(2026, 11, 12)))


def test_verdicts_of_another_major_version_are_told_to_be_so() -> None:
    (found,) = _judged(replace(_GOOD, version="16.14"))
    assert found.message == (
        "live runs on PostgreSQL 16.14; migrations are judged on 18, so their verdicts come from another "
        "major version"
    )
    assert found.severity is Severity.LOW


def test_a_role_that_may_idle_in_a_transaction_for_ever_is_told() -> None:
    idle = replace(_GOOD, timeouts_ms={STATEMENT: None, LOCK: 3000.0, IDLE: 0.0})
    (found,) = _judged(idle)
    assert found.message.startswith(f"app gets no {IDLE} in live: ")
    assert found.severity is Severity.LOW
    assert found.fix == f"ALTER ROLE app\n    SET {IDLE} = '60s';"
    assert f"{IDLE}=0 ms, {LOCK}=3000 ms, {STATEMENT}=not told" in repr(found.evidence)
