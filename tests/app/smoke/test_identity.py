import psycopg
import pytest

from tests.app.smoke.conftest import Verdict
from tests.app.smoke.lies import Lying

pytestmark = [pytest.mark.database, pytest.mark.anyio]


async def test_another_commit_is_seen(verdict: Verdict, lying: Lying) -> None:
    lying.changes("/version", git_sha="f" * 40)
    assert f"FAIL GET /version: git_sha is '{'f' * 40}', must be" in await verdict("P0")


@pytest.mark.parametrize("path", ["/health", "/readyz", "/api/health/db"])
async def test_an_instance_that_is_not_well_is_seen(verdict: Verdict, lying: Lying, path: str) -> None:
    lying.says("GET", path, 503)
    assert f"FAIL GET {path}: answered 503, must be 200" in await verdict("P0")


async def test_a_health_that_redirects_is_not_followed(verdict: Verdict, lying: Lying) -> None:
    lying.says("GET", "/health", 307)
    assert "FAIL GET /health: answered 307" in await verdict("P0")


async def test_a_database_of_another_schema_is_seen(verdict: Verdict, owner_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        connection.execute("UPDATE schema_compat SET alembic_revision = 'x'")
    assert "FAIL the database is at schema" in await verdict("P0")
