"""Every route with data that fits the OpenAPI document and with data that does not, as each kind of caller.

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

from tests.app.operations import known_values, operations
from tests.app.people import PASSWORD
from tests.app_system.fuzzed import furnish
from tests.app_system.instances import Instance, running

pytestmark = pytest.mark.system

_SEED = 20_261_123
# For one caller: at most so long, and on a busy machine for as long as an operation has not been asked.
_LONG_S = 24
# Who is refused least, and so is asked most: to others most of it would be refused before it is read.
_FARTHEST = "owner"
_ROLES = ("staff", "manager", "admin", "owner")
_OPS_TOKEN = "o" * 32
# What answers operators besides the routes that are theirs alone.
_FOR_OPERATORS_TOO = {"/metrics", "/api/health/db"}
# By caller what lets nobody of lower rank in: a fuzz of somebody who is let in nowhere would find little.
_LETS_IN = {
    "anonymous": "GET /version",
    "guest": "GET /api/session/me",
    "staff": "GET /api/work-orders",
    "manager": "GET /api/audit",
    "admin": "GET /api/settings",
    "owner": "GET /api/plan",
    "operator": "GET /api/ops/services",
}
_CHECKS = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance"),
    *("response_headers_conformance", "response_schema_conformance"),
)


@pytest.fixture
def instance(
    spare_url: str, as_runtime: Callable[[str], str], environment: dict[str, str], tmp_path: Path
) -> Iterator[Instance]:
    """A real one that shows its document, on a database of its own."""
    own = {"DATABASE_URL": as_runtime(spare_url), "HOTEL_ENV": "local", "OPS_TOKEN": _OPS_TOKEN}
    with running({**environment, **own}, tmp_path / "fuzzed.log") as found:
        yield found


@pytest.fixture
def rows(spare_url: str) -> tuple[dict[str, str], str]:
    """The synthetic hotel has people, a guest, and a row in every table: values for paths, and the pass."""
    token = secrets.token_urlsafe(32)
    with psycopg.connect(spare_url, autocommit=True) as connection:
        made = furnish(connection, _ROLES, token)
    return known_values(made), token


def _headers(instance: Instance, caller: str, guest_token: str) -> dict[str, str]:
    if caller == "anonymous":
        return {}
    if caller == "guest":
        return {"Authorization": f"Bearer {guest_token}"}
    if caller == "operator":
        return {"Authorization": f"Bearer {_OPS_TOKEN}"}
    body = {"email": f"{caller}@fuzz.example", "password": PASSWORD}
    answer = httpx.post(f"{instance.base_url}/api/auth/login", json=body, timeout=60).raise_for_status()
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def _config(headers: dict[str, str], known: dict[str, str], *, at_bounds: bool) -> schemathesis.Config:
    """Some examples for each operation; before them, `at_bounds`, what lies at the bounds of each schema."""
    checks: dict[str, Any] = {"enabled": False, **{name: {"enabled": True} for name in _CHECKS}}
    # What is not set up answers 501; every other 5xx is a defect.
    checks["not_a_server_error"]["expected-statuses"] = ["2xx", "3xx", "4xx", "501"]
    return schemathesis.Config.from_dict(
        {
            "seed": _SEED,
            "headers": headers,
            "request-timeout": 60,
            "max-stream-events": 1,
            "parameters": {f"path.{name}": value for name, value in known.items()} if headers else {},
            "checks": checks,
            "generation": {"deterministic": True, "max-examples": 5, "no-shrink": True},
            "phases": {
                "stateful": {"enabled": False},
                "examples": {"enabled": False},
                "coverage": {"enabled": at_bounds, "unexpected-methods": ["PUT"]},
            },
        }
    )


def _failures(recorder: ScenarioRecorder) -> Iterator[str]:
    for nodes in recorder.checks.values():
        for node in nodes:
            if node.failure_info is not None:
                yield f"{recorder.label}: {node.name}: {node.failure_info.failure}"


def _part_for(caller: str, document: dict[str, Any]) -> dict[str, Any]:
    """What of the document is to be asked: for OPS_TOKEN, which is nobody's, what answers it otherwise."""
    if caller != "operator":
        return document
    theirs = {one.path for one in operations(document) if one.caller == "operator"}
    wanted = sorted(theirs | _FOR_OPERATORS_TOO)
    return {**document, "paths": {path: document["paths"][path] for path in wanted}}


def _lets_in(recorder: ScenarioRecorder) -> bool:
    answers = (one.response for one in recorder.interactions.values())
    return any(answer is not None and 200 <= answer.status_code < 300 for answer in answers)


@pytest.mark.parametrize("caller", _LETS_IN)
def test_no_data_breaks_what_the_document_says(
    caller: str, instance: Instance, rows: tuple[dict[str, str], str]
) -> None:
    known, guest_token = rows
    whole: dict[str, Any] = httpx.get(f"{instance.base_url}/openapi.json", timeout=60).json()
    document = _part_for(caller, whole)
    wanted = {operation.name for operation in operations(document)}
    config = _config(_headers(instance, caller, guest_token), known, at_bounds=caller == _FARTHEST)
    schema = schemathesis.openapi.from_dict(document, config=config)
    schema.config.update(base_url=instance.base_url)
    asked: Counter[str] = Counter()
    failures, let_in = set[str](), set[str]()
    stream, until = from_schema(schema).execute(), time.monotonic() + _LONG_S
    for event in stream:
        if isinstance(event, ScenarioFinished):
            asked[event.recorder.label] += len(event.recorder.interactions)
            failures |= set(_failures(event.recorder))
            let_in |= {event.recorder.label} if _lets_in(event.recorder) else set()
        elif isinstance(event, (NonFatalError, FatalError)):
            failures.add(str(event))
        if time.monotonic() > until and wanted <= set(+asked):
            stream.stop()
    assert not failures, "\n\n".join(sorted(failures))
    assert set(+asked) == wanted
    assert _LETS_IN[caller] in let_in
