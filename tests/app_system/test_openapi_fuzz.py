"""Every route with data that fits the OpenAPI document and with data that does not, as five callers.

No answer is a 500 or breaks the document, and every refusal is a problem as the document says.
"""

import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import schemathesis
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from schemathesis.engine.recorder import ScenarioRecorder

from hotelctl.app.domain.ids import SYNTHETIC_HOTEL_ID
from hotelctl.app.services.tokens import hash_of
from tests.app.operations import known_values, operations
from tests.app.people import PASSWORD, add_user
from tests.app.rows import fill
from tests.app_system.instances import Instance, running

pytestmark = pytest.mark.system

_SEED = 20_261_123
# For one caller: so long, and on a busy machine for as long as an operation has not been asked.
_LONG_S = 24
_LONGEST_S = 300
_CHECKS = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance"),
    *("response_headers_conformance", "response_schema_conformance"),
)
# Limits have tests of their own; here they would hide what lies behind them.
_NO_LIMITS = """
CREATE FUNCTION forget_hits() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.hits := 1; RETURN NEW; END';
CREATE TRIGGER forget_hits BEFORE INSERT OR UPDATE ON rate_limits
    FOR EACH ROW EXECUTE FUNCTION forget_hits();
"""
_INTO_GUEST = """
UPDATE sessions SET subject_kind = 'guest', kind = 'guest', user_id = NULL, room_label = '204',
    token_hash = %s WHERE id = %s
"""


@pytest.fixture
def instance(
    spare_url: str, as_runtime: Callable[[str], str], environment: dict[str, str], tmp_path: Path
) -> Iterator[Instance]:
    """A real one that shows its document, on a database of its own."""
    own = {"DATABASE_URL": as_runtime(spare_url), "HOTEL_ENV": "local"}
    with running({**environment, **own}, tmp_path / "fuzzed.log") as found:
        yield found


@pytest.fixture
def rows(spare_url: str) -> tuple[dict[str, str], str]:
    """The synthetic hotel has people, a guest, and a row in every table: values for paths, and the pass."""
    token = secrets.token_urlsafe(32)
    with psycopg.connect(spare_url, autocommit=True) as connection:
        connection.execute(_NO_LIMITS)
        for role in ("admin", "manager", "staff"):
            add_user(connection, SYNTHETIC_HOTEL_ID, f"{role}@fuzz.example", role)
        made = fill(connection, SYNTHETIC_HOTEL_ID)
        # Made-up rows know nothing of each other: the last numbers must not be below those in use.
        connection.execute("UPDATE ticket_numbers SET last_number = 1000")
        connection.execute("UPDATE conversations SET last_seq = 1000")
        connection.execute(_INTO_GUEST, (hash_of(token), made["sessions"]))
    return known_values(made), token


def _headers(instance: Instance, caller: str, guest_token: str) -> dict[str, str]:
    if caller == "anonymous":
        return {}
    if caller == "guest":
        return {"Authorization": f"Bearer {guest_token}"}
    body = {"email": f"{caller}@fuzz.example", "password": PASSWORD}
    answer = httpx.post(f"{instance.base_url}/api/auth/login", json=body, timeout=60).raise_for_status()
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def _config(headers: dict[str, str], known: dict[str, str]) -> schemathesis.Config:
    checks: dict[str, Any] = {"enabled": False, **{name: {"enabled": True} for name in _CHECKS}}
    # What is not set up answers 501; every other 5xx is a defect.
    checks["not_a_server_error"]["expected-statuses"] = ["2xx", "3xx", "4xx", "501"]
    return schemathesis.Config.from_dict(
        {
            "seed": _SEED,
            "max-time": _LONGEST_S,
            "headers": headers,
            "request-timeout": 60,
            "max-stream-events": 1,
            "parameters": {f"path.{name}": value for name, value in known.items()} if headers else {},
            "checks": checks,
            "generation": {"deterministic": True, "max-examples": 5, "no-shrink": True},
            "phases": {"stateful": {"enabled": False}, "coverage": {"unexpected-methods": ["PUT"]}},
        }
    )


def _failures(recorder: ScenarioRecorder) -> Iterator[str]:
    for nodes in recorder.checks.values():
        for node in nodes:
            if node.failure_info is not None:
                yield f"{recorder.label}: {node.name}: {node.failure_info.failure}"


@pytest.mark.parametrize("caller", ["anonymous", "guest", "staff", "manager", "admin"])
def test_no_data_breaks_what_the_document_says(
    caller: str, instance: Instance, rows: tuple[dict[str, str], str]
) -> None:
    known, guest_token = rows
    document: dict[str, Any] = httpx.get(f"{instance.base_url}/openapi.json", timeout=60).json()
    wanted = {operation.name for operation in operations(document)}
    config = _config(_headers(instance, caller, guest_token), known)
    schema = schemathesis.openapi.from_dict(document, config=config)
    schema.config.update(base_url=instance.base_url)
    asked: Counter[str] = Counter()
    failures: set[str] = set()
    stream, until = from_schema(schema).execute(), time.monotonic() + _LONG_S
    for event in stream:
        if isinstance(event, ScenarioFinished):
            asked[event.recorder.label] += len(event.recorder.interactions)
            failures |= set(_failures(event.recorder))
        elif isinstance(event, (NonFatalError, FatalError)):
            failures.add(str(event))
        if time.monotonic() > until and wanted <= set(asked):
            stream.stop()
    assert not failures, "\n\n".join(sorted(failures))
    assert set(asked) == wanted
