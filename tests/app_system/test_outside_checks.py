"""`hotelctl validate` asks outside services, which real servers stand for, by the assistant's own chore."""

import json
import os
import ssl
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.app_system.mail_server import PASSWORD, MailServer, in_a_thread
from tests.app_system.outside import Outside, running
from tests.services.checkout import commit_all, git

pytestmark = pytest.mark.system
_ROOT = Path(__file__).parents[2]
_FILE = tomllib.loads((_ROOT / "hotelctl" / "app" / "service.toml").read_text(encoding="utf-8"))
_HEAD = """
schema = "hotelctl.service/1"
[service]
name = "assistant"
title = "Assistant"
[env]
contract = "env.toml"
files = [".env.local"]
"""
_SANDBOXED = ("EXT006", "EXT008")
_ASKED = ("variable", "url", "check", "latency_limit_ms", "live_keys", "test_keys")
_KEYS = {"openai": "sk-s3cr3t-of-the-test", "stripe": "sk_test_s3cr3t-of-the-test"}
_ANSWERS: dict[str, tuple[int, object]] = {
    "/v1/models": (200, {"object": "list", "data": []}),
    "/v1/balance": (200, {"object": "balance", "livemode": False}),
}


@dataclass
class Ground:
    """A project whose service speaks to servers of this test; `env` is its `.env.local`."""

    root: Path
    authority: trustme.CA
    mail: MailServer
    web: Outside
    mail_port: int
    env: dict[str, str] = field(default_factory=dict)

    def validate(self, *words: str) -> dict[str, dict[str, Any]]:
        """The checks of the section by their ids; nothing that was printed or kept holds a secret."""
        (self.root / ".env.local").write_text("".join(f"{key}={value}\n" for key, value in self.env.items()))
        (self.root / ".env.local").chmod(0o600)
        done = subprocess.run(
            [sys.executable, "-m", "hotelctl", "validate", "--only", "services", "--format", "json", *words],
            cwd=self.root,
            env={**os.environ, "SSL_CERT_FILE": str(self.root.parent / "ca.pem")},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        kept = "".join(path.read_text() for path in (self.root / "reports").rglob("*") if path.is_file())
        assert "s3cr3t" not in done.stdout + done.stderr + kept
        report = json.loads(done.stdout)
        (section,) = [one for one in report["sections"] if one["id"] == "services"]
        return {check["id"]: check for check in section["checks"]}


def _service_file() -> str:
    """The bundled service's own tables, its chore run by this Python as nothing is built here."""
    text = _HEAD
    for name in ("smtp", "openai", "stripe"):
        said = _FILE["external"][name]
        # The rest is about sandboxes, which need a build.
        said = {key: said[key] for key in _ASKED if key in said}
        said["check"] = ["{python}", *said["check"][1:]]
        # How busy this machine is is not the question here.
        said["latency_limit_ms"] = 60_000
        text += f"[external.{name}]\n" + "".join(
            f"{key} = {json.dumps(value)}\n" for key, value in said.items()
        )
    return text


def _committed(root: Path) -> None:
    (root / "hotelctl.toml").write_text(_service_file())
    (root / "env.toml").write_bytes((_ROOT / "hotelctl" / "app" / "env.toml").read_bytes())
    (root / ".gitignore").write_text(".env.local\n")
    git(root, "init", "--quiet", "--initial-branch=main")
    commit_all(root, "one")


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Ground]:
    authority, mail = trustme.CA(), MailServer()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    root = tmp_path / "project"
    root.mkdir()
    _committed(root)
    with ExitStack() as stack:
        web = stack.enter_context(running(Outside(context)))
        port = stack.enter_context(in_a_thread(mail, context))
        web.answers |= _ANSWERS
        url = web.url.replace("127.0.0.1", "localhost")
        made = Ground(root, authority, mail, web, port)
        made.env = {
            "SMTP_HOST": "localhost",
            "SMTP_PORT": str(port),
            "SMTP_USER": "assistant",
            "SMTP_PASSWORD": PASSWORD,
            "EMAIL_FROM": "assistant@hotel.example",
            "OPENAI_API_KEY": _KEYS["openai"],
            "OPENAI_BASE_URL": f"{url}/v1",
        }
        yield made


def statuses(checks: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {name: check["status"] for name, check in checks.items()}


def test_services_that_answer_are_green_and_no_mail_went(ground: Ground) -> None:
    found = ground.validate("--offline")
    assert statuses(found) == {
        "EXT001": "pass",
        "EXT002": "pass",
        "EXT003": "pass",
        "EXT004": "pass",
        "EXT005": "pass",
        **dict.fromkeys(_SANDBOXED, "not_applicable"),
        "EXT007": "not_applicable",
    }, found
    assert (ground.mail.log_ins, ground.mail.taken) == (["assistant"] * 3, [])
    assert [(one.path, one.headers["authorization"]) for one in ground.web.asked] == [
        ("/v1/models", f"Bearer {_KEYS['openai']}")
    ] * 3


def test_a_key_that_is_set_and_wrong_is_red_beside_a_server_that_is_fine(ground: Ground) -> None:
    ground.web.answers["/v1/models"] = (401, {"error": {"message": f"no such key: {_KEYS['openai']}"}})
    ground.env |= {"SMTP_PASSWORD": "s3cr3t-but-old"}
    found = ground.validate()
    assert (found["EXT001"]["status"], found["EXT002"]["status"]) == ("pass", "pass")
    assert [one["message"].partition(": ")[2] for one in found["EXT003"]["findings"]] == [
        "unauthorized, it does not know the key or the password"
    ] * 2
    assert found["EXT003"]["findings"][1]["location"]["path"] == ".env.local"


def test_a_certificate_that_nobody_trusts_gets_no_key(ground: Ground) -> None:
    trustme.CA().cert_pem.write_to_path(ground.root.parent / "ca.pem")
    found = ground.validate()
    assert [one["subject"] for one in found["EXT002"]["findings"]] == ["smtp", "openai"]
    assert all("is not trusted" in one["message"] for one in found["EXT002"]["findings"])
    assert [one["message"].partition(": ")[2] for one in found["EXT003"]["findings"]] == [
        "tls, no trusted encryption came about"
    ] * 2
    assert (ground.web.asked, ground.mail.log_ins) == ([], [])


def test_offline_others_are_unknown_and_only_what_is_here_was_asked(ground: Ground) -> None:
    ground.env |= {"STRIPE_SECRET_KEY": _KEYS["stripe"], "STRIPE_API_BASE": "https://pay.example"}
    found = ground.validate("--offline")
    assert statuses(found) == dict.fromkeys(("EXT001", "EXT002", "EXT003", "EXT004", "EXT005"), "unknown") | {
        **dict.fromkeys(_SANDBOXED, "not_applicable"),
        "EXT007": "pass",
    }
    assert "pay.example is not this machine" in found["EXT003"]["reason"]
    assert {one.path for one in ground.web.asked} == {"/v1/models"}


def test_a_live_key_outside_production_is_a_finding_where_it_is_set(ground: Ground) -> None:
    ground.env = {"STRIPE_SECRET_KEY": "sk_live_s3cr3t-of-the-test", "STRIPE_API_BASE": ground.web.url}
    (finding,) = ground.validate()["EXT007"]["findings"]
    assert finding["message"] == "STRIPE_SECRET_KEY, set in .env.local:1, is a live key in profile ci"


def test_nothing_configured_is_no_noise(ground: Ground) -> None:
    ground.env = {}
    assert set(statuses(ground.validate()).values()) == {"not_applicable"}
