import io
import json
from typing import Any

import httpx
import psycopg
import pytest

from hotelctl.app import chores
from hotelctl.app.domain.ids import SYNTHETIC_HOTEL_ID
from tests.app.people import HOTEL_A, add_user

pytestmark = [pytest.mark.database, pytest.mark.anyio]
Json = dict[str, Any]
_HOTELS = "SELECT id::text FROM hotels WHERE is_synthetic ORDER BY id"


class Smoke:
    """The two chores, as hotelctl calls them."""

    def __init__(self, patch: pytest.MonkeyPatch, printed: pytest.CaptureFixture[str]) -> None:
        self._patch = patch
        self._printed = printed

    def prepare(self) -> Json:
        """What was printed."""
        assert chores.main(["smoke", "prepare"]) == 0
        found: Json = json.loads(self._printed.readouterr().out)
        return found

    def cleanup(self, given: str) -> tuple[int, str]:
        """Exit code, and what was printed."""
        self._patch.setattr("sys.stdin", io.StringIO(given))
        code = chores.main(["smoke", "cleanup"])
        printed = self._printed.readouterr()
        # The service in this process logs to the same place.
        return code, (printed.out.splitlines() or [printed.err])[-1]

    def removed(self, given: str) -> int:
        """How many rows a clean-up took away that left none."""
        code, printed = self.cleanup(given)
        found = json.loads(printed)
        assert (code, found["rows_left"]) == (0, 0)
        return int(found["rows_removed"])


@pytest.fixture
def smoke(owner_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Smoke:
    monkeypatch.setenv("DATABASE_URL", owner_url)
    monkeypatch.delenv("PASSWORD_MEMORY_KIB", raising=False)
    return Smoke(monkeypatch, capsys)


def _column(url: str, statement: str) -> list[Any]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute(statement.encode()).fetchall()]


def _age(url: str) -> None:
    """Ten minutes and more go by for whatever there is."""
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE hotels SET created_at = created_at - interval '11 minutes'")
        connection.execute("UPDATE users SET created_at = created_at - interval '11 minutes'")


async def _log_in(client: httpx.AsyncClient, prepared: Json) -> httpx.Response:
    body = {name: prepared[name] for name in ("email", "password")}
    return await client.post("/api/auth/login", json=body)


async def test_the_prepared_user_can_log_in_until_the_clean_up(
    smoke: Smoke, hotels: str, client: httpx.AsyncClient
) -> None:
    prepared = smoke.prepare()
    assert set(prepared) == {"hotel_id", "email", "password"}
    assert (await _log_in(client, prepared)).json()["user"]["hotel_id"] == prepared["hotel_id"]
    assert smoke.removed(json.dumps(prepared)) == 3
    assert (await _log_in(client, prepared)).status_code == 401
    assert _column(hotels, _HOTELS) == [str(SYNTHETIC_HOTEL_ID)]
    assert _column(hotels, "SELECT count(*) FROM users") == [4]
    assert smoke.removed(json.dumps(prepared)) == 0


async def test_a_run_that_ends_leaves_another_one_alone(
    smoke: Smoke, owner_url: str, client: httpx.AsyncClient
) -> None:
    one, two = smoke.prepare(), smoke.prepare()
    assert one["hotel_id"] != two["hotel_id"]
    assert (await _log_in(client, two)).status_code == 200
    assert smoke.removed(json.dumps(one)) == 1
    assert smoke.removed("{}") == 0
    assert (await _log_in(client, two)).status_code == 200
    assert two["hotel_id"] in _column(owner_url, _HOTELS)


@pytest.mark.parametrize("act", ["prepare", "cleanup"])
async def test_what_interrupted_runs_left_is_swept_ten_minutes_later(
    act: str, smoke: Smoke, owner_url: str
) -> None:
    smoke.prepare()
    with psycopg.connect(owner_url) as connection:
        add_user(connection, SYNTHETIC_HOTEL_ID, "former@synthetic.invalid", "staff")
    _age(owner_url)
    running = smoke.prepare() if act == "prepare" else None
    if running is None:
        assert smoke.removed("") == 2
    wanted = [] if running is None else [running["email"]]
    assert _column(owner_url, "SELECT email FROM users") == wanted


async def test_rows_that_stay_fail_the_clean_up(smoke: Smoke, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = smoke.prepare()
    monkeypatch.setattr("hotelctl.app.smoke_chores.upkeep.end_synthetic", lambda *_: 0)
    code, told = smoke.cleanup(json.dumps(prepared))
    assert code == 1
    assert "rows of synthetic hotels are left" in told
    assert "{'users': 1}" in told


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("{", "stdin must hold what smoke prepare printed, or nothing"),
        ("[]", "stdin must hold what smoke prepare printed, or nothing"),
        ('{"hotel_id": 7}', "stdin must hold what smoke prepare printed, or nothing"),
        (f'{{"hotel_id": "{HOTEL_A}"}}', f"hotel {HOTEL_A} is not synthetic"),
    ],
)
async def test_what_was_not_prepared_is_refused(given: str, why: str, smoke: Smoke, hotels: str) -> None:
    assert smoke.cleanup(given) == (1, f"chore failed: {why}\n")
    assert _column(hotels, "SELECT count(*) FROM users") == [4]
