from dataclasses import replace

import httpx
import psycopg
import pytest
from sqlalchemy import create_engine

from hotelctl.app.smoke.run import Run, run_probes
from tests.app.smoke.conftest import Verdict, unhurried
from tests.app.smoke.lies import Lying

pytestmark = [pytest.mark.database, pytest.mark.anyio]


async def test_another_commit_is_seen(verdict: Verdict, lying: Lying) -> None:
    lying.changes("/version", git_sha="f" * 40)
    assert f"FAIL GET /version: git_sha is '{'f' * 40}', must be" in await verdict("P0")


@pytest.mark.parametrize("path", ["/health", "/readyz", "/api/health/db"])
async def test_an_instance_that_is_not_well_is_seen(verdict: Verdict, lying: Lying, path: str) -> None:
    lying.says("GET", path, 503)
    assert f"FAIL GET {path}: answered 503, must be 200" in await verdict("P0")


async def _with_token(run: Run) -> str:
    run.ops_token = "o" * 32
    (result,) = await run_probes(unhurried("P0"), run)
    return f"{result['status']} {result['why']}".rstrip()


async def test_what_operators_are_told_is_what_the_database_says(run: Run) -> None:
    assert await _with_token(run) == "PASS"


@pytest.mark.parametrize(
    ("member", "value", "told"),
    [
        ("revision", "0001_core", "revision is '0001_core', must be '0"),
        ("serial", 1, "serial is 1, must be "),
        ("min_code_serial", 9, "min_code_serial is 9, must be 1"),
        (
            "role",
            dict.fromkeys(("superuser", "bypassrls"), False) | {"owns_tables": True},
            "owns_tables is True",
        ),
    ],
)
async def test_an_instance_on_another_database_or_with_too_much_power_is_seen(
    run: Run, lying: Lying, member: str, value: object, told: str
) -> None:
    def lie(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        body = response.json() if request.url.path == "/api/health/db" else {}
        return httpx.Response(200, json=body | {member: value}) if member in body else response

    lying.lies.append(lie)
    assert f"FAIL GET /api/health/db: {told}" in (await _with_token(run)).replace("role.", "")


async def test_an_instance_with_another_role_is_seen(run: Run) -> None:
    other = create_engine(run.ground.owner.url.update_query_dict({"application_name": "other"}))
    run.ground = replace(run.ground, runtime=other)
    found = await _with_token(run)
    other.dispose()
    assert found.startswith("FAIL GET /api/health/db: role.name is ")


async def test_an_instance_that_knows_no_operator_is_seen(run: Run, lying: Lying) -> None:
    lying.says("GET", "/api/health/db", 200, {"status": "ok", "latency_ms": 1})
    assert await _with_token(run) == "FAIL GET /api/health/db: the answer lacks serial"


async def test_details_for_everybody_are_seen(verdict: Verdict, lying: Lying) -> None:
    lying.changes("/api/health/db", revision="0001_core", pool={})
    assert await verdict("P0") == "FAIL GET /api/health/db: tells strangers pool, revision"


async def test_a_health_that_redirects_is_not_followed(verdict: Verdict, lying: Lying) -> None:
    lying.says("GET", "/health", 307)
    assert "FAIL GET /health: answered 307" in await verdict("P0")


async def test_a_database_of_another_schema_is_seen(verdict: Verdict, owner_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        connection.execute("UPDATE schema_compat SET alembic_revision = 'x'")
    assert "FAIL the database is at schema" in await verdict("P0")
