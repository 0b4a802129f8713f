"""Every route with data that fits the OpenAPI document and with data that does not, as each kind of caller.

No answer is a 500 or breaks the document, and every refusal is a problem as the document says. What a caller
may do, it is also let do at least once: a route that refuses everything hides what is behind its refusals.
"""

import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import schemathesis
from schemathesis import BaseSchema, Case, HookContext, Response
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from schemathesis.engine.recorder import ScenarioRecorder

from hotelctl.app.domain.permissions import Role, grants
from tests.app.operations import PATH_VALUES, Operation, known_values, operations
from tests.app.people import PASSWORD
from tests.app_system.fitting_bodies import with_examples, with_known
from tests.app_system.fuzzed import AFRESH, add_staff_code, furnish, open_ways
from tests.app_system.instances import Instance, running

# Sent as it stands; without this what is of that type would not be asked at all.
schemathesis.serializer.alias("application/x-ndjson", "text/plain")
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
_CALLERS = ("anonymous", "guest", *_ROLES, "operator")
_USERS = frozenset(_ROLES)
# What a caller never does with made-up data though the document lets it, and why.
_NEVER: Mapping[str, tuple[frozenset[str], str]] = {
    "POST /api/webhooks/stripe": (frozenset(_CALLERS), "takes only what Stripe has signed"),
    "POST /api/conversations/{conversation_id}/rate": (_USERS, "is asked of guests only"),
    "POST /api/conversations/{conversation_id}/actions/{action_id}": (_USERS, "is proposed to the guest"),
    "POST /api/auth/password": (frozenset({"guest"}), "a guest has no password"),
    "PATCH /api/session/me": (frozenset({"guest"}), "a guest's language is that of the browser"),
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
def owner(spare_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(spare_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def known(owner: psycopg.Connection, instance: Instance) -> dict[str, str]:
    """The synthetic hotel has people, a guest, a row in every table: what names them, and what lets in."""
    token, refresh_token, secret, staff_code = (secrets.token_urlsafe(32) for _ in range(4))
    made = furnish(owner, _ROLES, token)
    add_staff_code(owner, made["users"], staff_code)
    action_id = open_ways(owner, "owner@fuzz.example", {"api": refresh_token}, secret)
    challenge = httpx.post(f"{instance.base_url}/api/qr/validate", json={"token": staff_code}, timeout=60)
    more = {"action_id": action_id, "token": secret, "refresh_token": refresh_token, "guest": token}
    more |= {"challenge_id": challenge.raise_for_status().json()["challenge_id"]}
    return known_values(made) | more | {"email": "owner@fuzz.example", "password": PASSWORD}


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


def _config(headers: dict[str, str], paths: dict[str, str], *, at_bounds: bool) -> schemathesis.Config:
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
            "parameters": {f"path.{name}": value for name, value in paths.items()},
            "checks": checks,
            "generation": {"deterministic": True, "max-examples": 5, "no-shrink": True},
            "phases": {
                "stateful": {"enabled": False},
                "examples": {"enabled": True, "fill-missing": False},
                "coverage": {"enabled": at_bounds, "unexpected-methods": ["PUT"]},
            },
        }
    )


def _hook(schema: BaseSchema, known: dict[str, str], owner: psycopg.Connection) -> None:
    """Made-up bodies name things that are there, and each request finds them as they were at first."""

    @schema.hook
    def map_body(_context: HookContext, body: object) -> object:
        return with_known(body, known)

    @schema.hook
    def after_call(_context: HookContext, _case: Case[Any], _response: Response) -> None:
        owner.execute(AFRESH)


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


def _may(caller: str, operation: Operation) -> bool:
    """Whether the caller is let do it, as the document and the grants of the roles say."""
    if operation.caller == "anyone" or caller == "operator":
        return True
    if operation.caller == "operator":
        return False
    granted = {} if caller == "anonymous" else grants(Role(caller))
    return caller != "anonymous" and (operation.permission is None or operation.permission in granted)


def _expected(caller: str, document: dict[str, Any]) -> set[str]:
    may = {operation.name for operation in operations(document) if _may(caller, operation)}
    return {name for name in may if caller not in _NEVER.get(name, (frozenset(), ""))[0]}


@pytest.mark.parametrize("caller", _CALLERS)
def test_no_data_breaks_what_the_document_says(
    caller: str, instance: Instance, owner: psycopg.Connection, known: dict[str, str]
) -> None:
    whole: dict[str, Any] = httpx.get(f"{instance.base_url}/openapi.json", timeout=60).json()
    document = with_examples(_part_for(caller, whole), known, caller)
    wanted = {operation.name for operation in operations(document)}
    paths = {name: known[name] for name in PATH_VALUES} if caller != "anonymous" else {}
    config = _config(_headers(instance, caller, known["guest"]), paths, at_bounds=caller == _FARTHEST)
    schema = schemathesis.openapi.from_dict(document, config=config)
    schema.config.update(base_url=instance.base_url)
    _hook(schema, known, owner)
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
    assert let_in == _expected(caller, document)
