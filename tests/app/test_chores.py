import json
import os
import re
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from hotelctl.app import chores, contract
from hotelctl.app.services.external.contact import CallFailed, Contact
from hotelctl.app.services.external.openai import OpenAI
from hotelctl.app.services.external.stripe import Stripe
from hotelctl.app.services.service import Service
from tests.app import callers, codes
from tests.app.chore_runs import Run, running
from tests.app.people import HOTEL_A, HOTEL_B

_BOSS = ("create-admin", "--hotel", "grand", "--email", "Boss@Grand.example")


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> Run:
    if "owner_url" in request.fixturenames:
        monkeypatch.setenv("DATABASE_URL", request.getfixturevalue("owner_url"))
    monkeypatch.delenv("PASSWORD_MEMORY_KIB", raising=False)

    return running(capsys)


def test_the_keyring_is_made_once_and_shown_without_keys(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTEL_KEYRING", str(tmp_path / "ring"))
    made = run("keyring", "init")
    assert made["created"] is True
    assert run("keyring", "init") == {"created": False, "active": made["active"]}
    assert run("keyring", "show") == {"active": made["active"], "keys": [made["active"]]}


def test_a_key_is_exchanged_in_three_steps_and_refused_too_early(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOTEL_KEYRING", str(tmp_path))
    old = run("keyring", "init")["active"]
    os.utime(tmp_path / f"{old}.pem", (0, 0))
    assert run("keyring", "retire") == {"retired": []}
    new = run("keyring", "publish")["published"]
    assert chores.main(["keyring", "switch"]) == 1
    assert "repeat after" in capsys.readouterr().err
    os.utime(tmp_path / f"{new}.pem", (0, 0))
    assert run("keyring", "switch") == {"active": new, "switched": True}
    assert chores.main(["keyring", "retire"]) == 1
    os.utime(tmp_path / f"{old}.outgoing", (0, 0))
    assert run("keyring", "retire") == {"retired": [old]}
    assert run("keyring", "show") == {"active": new, "keys": [new]}


def test_every_chore_has_its_line_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        chores.main(["--help"])
    shown = capsys.readouterr().out
    written = tomllib.loads((Path(chores.__file__).parent / "service.toml").read_text())["chores"].values()
    names = {one["command"][3] for one in written if one["command"][2] == "hotelctl.app.chores"}
    assert len(names) > 6
    assert names <= {line.split()[0] for line in shown.splitlines() if line.startswith("    ")}


@pytest.mark.database
@pytest.mark.anyio
async def test_a_hotel_and_its_admin_who_comes_in_by_a_link_that_is_good_once(
    run: Run, owner_url: str, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTEL_PUBLIC_URL", "https://hotel.example")
    hotel = run("create-hotel", "--name", "Grand", "--slug", "grand")
    late = run(*_BOSS)
    admin = run(*_BOSS)
    assert set(admin) == {"user_id", "email", "link", "expires_at"}
    assert admin["user_id"] == late["user_id"]
    left = datetime.fromisoformat(admin["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=2, hours=23) < left <= timedelta(days=3)
    rows = codes.execute(owner_url, "SELECT hotel_id::text, email, role, password_hash FROM users")
    assert rows == [(hotel["hotel_id"], "boss@grand.example", "admin", None)]
    for link, status in ((late["link"], 401), (admin["link"], 303), (admin["link"], 401)):
        answer = await client.post(link, data={"new": "grand enough for me", "again": "grand enough for me"})
        assert answer.status_code == status
    credentials = {"email": "boss@grand.example", "password": "grand enough for me"}
    assert (await client.post("/api/auth/login", json=credentials)).status_code == 200


@pytest.mark.database
def test_who_made_a_hotel_and_its_admin_is_in_the_trail(run: Run, owner_url: str) -> None:
    hotel = run("create-hotel", "--name", "Grand", "--slug", "grand")
    admin = run(*_BOSS)
    rows = codes.execute(
        owner_url,
        "SELECT hotel_id::text, actor_kind, action, object_kind, object_id::text, after"
        " FROM audit_events ORDER BY id",
    )
    assert rows == [
        (hotel["hotel_id"], "system", "hotel.create", "hotel", hotel["hotel_id"], {"name": "Grand"}),
        (hotel["hotel_id"], "system", "user.invite", "user", admin["user_id"], {"role": "admin"}),
    ]


@pytest.mark.database
@pytest.mark.anyio
async def test_an_owner_stands_above_the_admins(
    run: Run, owner_url: str, client: httpx.AsyncClient, service: Service
) -> None:
    run("create-hotel", "--name", "Grand", "--slug", "grand")
    admin = run(*_BOSS)
    run("create-admin", "--hotel", "grand", "--email", "owner@grand.example", "--role", "owner")
    hotel_id = UUID(codes.execute(owner_url, "SELECT hotel_id::text FROM users LIMIT 1")[0][0])
    headers = await callers.page(service, "owner@grand.example", hotel_id)
    answer = await client.post(f"/api/users/{admin['user_id']}/link", headers=headers)
    assert answer.status_code == 201


@pytest.mark.database
def test_who_has_a_password_gets_no_link_from_the_chore(
    run: Run, owner_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOTEL_PUBLIC_URL", "https://hotel.example")
    run("create-hotel", "--name", "Grand", "--slug", "grand")
    run(*_BOSS)
    codes.execute(owner_url, "UPDATE users SET password_hash = 'x' RETURNING 1")
    assert chores.main(_BOSS) == 1
    assert "somebody has this address already" in capsys.readouterr().err


@pytest.mark.database
@pytest.mark.usefixtures("owner_url")
def test_without_a_public_address_the_chore_says_what_the_link_is_made_of(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOTEL_PUBLIC_URL", "NEXTAUTH_URL", "NEXT_PUBLIC_APP_URL"):
        monkeypatch.delenv(name, raising=False)
    run("create-hotel", "--name", "Grand", "--slug", "grand")
    admin = run(*_BOSS)
    assert set(admin) == {"user_id", "email", "path", "expires_at", "remedy"}
    assert re.fullmatch(r"/set-password/[\w-]{43}", admin["path"])
    assert admin["remedy"].startswith("HOTEL_PUBLIC_URL is not set: ")


@pytest.mark.database
@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["create-admin", "--hotel", "none", "--email", "a@b.example"], "no hotel has the slug none"),
        (
            ["create-admin", "--hotel", "alpha", "--email", "staff@beta.example"],
            "somebody has this address already",
        ),
        (
            ["create-admin", "--hotel", "alpha", "--email", "staff"],
            "--email 'staff' cannot be: it is an address",
        ),
        (["create-hotel", "--name", "A", "--slug", "alpha"], "a hotel has this slug already"),
        (
            ["create-hotel", "--name", " ", "--slug", "grand"],
            "--name ' ' cannot be: it is 1 to 120 characters that can be seen",
        ),
        (["create-hotel", "--name", "A", "--slug", "No Slug"], "a slug is 2 to 63 of a-z"),
    ],
)
def test_what_cannot_be_is_one_line(
    arguments: list[str],
    reason: str,
    hotels: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", hotels)
    assert chores.main(arguments) == 1
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)
    assert reason in captured.err


@pytest.mark.database
@pytest.mark.parametrize(("url", "code"), [("", 78), ("postgresql://x:s3cr3t@127.0.0.1:1/x", 75)])
def test_without_a_database_it_is_one_line(
    url: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    assert chores.main(["codes", "sweep"]) == code
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert "s3cr3t" not in captured.err


@pytest.mark.database
@pytest.mark.anyio
async def test_codes_that_ran_out_long_ago_are_swept_in_every_hotel(
    run: Run, hotels: str, owner_url: str, client: httpx.AsyncClient, service: Service
) -> None:
    assert hotels
    for email, hotel_id in (("manager@alpha.example", HOTEL_A), ("manager@beta.example", HOTEL_B)):
        headers = await callers.page(service, email, hotel_id)
        for age in ("89 days", "91 days"):
            made = await codes.make(client, headers)
            codes.execute(
                owner_url,
                "UPDATE guest_staff_qr_tokens SET expires_at = now() - %s::interval WHERE id = %s",
                age,
                made["id"],
            )
    assert run("codes", "sweep") == {"codes_removed": 2}
    assert run("codes", "sweep") == {"codes_removed": 0}
    assert codes.execute(owner_url, "SELECT count(*) FROM guest_staff_qr_tokens") == [(2,)]


@pytest.fixture
def _no_outside_service(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in contract.variables():
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("_no_outside_service")
def test_the_state_of_every_outside_service_is_one_object(run: Run) -> None:
    answer = run("services", "check")
    assert {name: found["state"] for name, found in answer.items()} == dict.fromkeys(
        ("smtp", "openai", "pinecone", "stripe", "s3"), "not_configured"
    )


@pytest.mark.usefixtures("_no_outside_service")
def test_a_service_that_fails_is_printed_and_is_exit_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "s3cr3t")
    # Found, so that it counts as installed, and broken, so that no network is touched.
    monkeypatch.setattr("hotelctl.app.services.external.openai.OpenAI.library", "json.no_such_part")
    monkeypatch.setattr("hotelctl.app.services.external.openai.OpenAI.installed", lambda _: True)
    assert chores.main(["services", "check"]) == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out)["openai"]["code"] == "extra_missing"
    assert "s3cr3t" not in printed.out + printed.err


@pytest.mark.usefixtures("_no_outside_service")
def test_a_key_without_its_extra_is_a_failure_of_that_service_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "s3cr3t")
    monkeypatch.setattr("hotelctl.app.services.external.openai.OpenAI.library", "no_such_library")
    assert chores.main(["services", "check"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["openai"]["state"], found["openai"]["code"]) == ("failed", "extra_missing")
    assert found["smtp"]["state"] == "not_configured"


@pytest.mark.usefixtures("_no_outside_service")
def test_each_service_is_asked_as_often_as_said_until_it_fails(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []

    async def ask(service: Contact) -> None:
        asked.append(service.name)
        if service.name == "stripe":
            raise CallFailed("unauthorized")

    for variable in ("OPENAI_API_KEY", "STRIPE_SECRET_KEY"):
        monkeypatch.setenv(variable, "s3cr3t")
    for kind in (OpenAI, Stripe):
        monkeypatch.setattr(kind, "ask", ask)
        monkeypatch.setattr(kind, "library", "json")
    found = run("services", "check", "--tries", "3", "--only", "openai")
    assert (len(found["openai"]["latencies_ms"]), asked) == (3, ["openai"] * 3)
    assert chores.main(["services", "check", "--tries", "3"]) == 1
    assert json.loads(capsys.readouterr().out)["stripe"]["code"] == "unauthorized"
    assert asked.count("stripe") == 1


@pytest.mark.usefixtures("_no_outside_service")
def test_only_the_named_services_are_asked(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "s3cr3t")
    monkeypatch.setattr("hotelctl.app.services.external.openai.OpenAI.library", "no_such_library")
    assert list(run("services", "check", "--only", "s3,smtp")) == ["s3", "smtp"]
    assert chores.main(["services", "check", "--only", "s3,fax"]) == 1
    assert "no outside service is called fax; there are smtp, openai" in capsys.readouterr().err
