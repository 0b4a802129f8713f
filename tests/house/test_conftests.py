"""The process that only hands out tests waits for nothing that it never uses."""

import subprocess
import sys

from tests.house.tracked import ROOT

HEAVY = ("fastapi", "httpx", "psycopg", "pydantic", "sqlalchemy", "structlog")


def test_the_fixtures_of_the_service_load_it_where_they_are_used() -> None:
    code = f"import sys, tests.conftest, tests.app.conftest; print(*sys.modules.keys() & {set(HEAVY)})"
    asked = [sys.executable, "-c", code]
    loaded = subprocess.run(asked, cwd=ROOT, capture_output=True, check=True, text=True)
    assert loaded.stdout.split() == []
