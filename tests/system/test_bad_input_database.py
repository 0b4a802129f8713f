"""Databases that are not there, not ours or not open, environments that lack or leak, and a taken port."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.free_port import free_port
from tests.services.checkout import git
from tests.system.bad_input_server import OWNER, PASSWORD, POOR, PasswordServer
from tests.system.bad_input_world import Served

pytestmark = pytest.mark.system

VARIABLE = "NOTES_DATABASE_URL"
LISTEN = """
import socket, sys, time
held = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("listens", flush=True)
time.sleep(600)
"""


def test_a_dead_server(victim: Served) -> None:
    url = f"postgresql://notes:{PASSWORD}@127.0.0.1:1/notes"
    victim.world.secrets.append(PASSWORD)
    says = ["step preflight", "DB001", f"{VARIABLE}: no database server answers at 127.0.0.1:1"]
    victim.refuses("deploy", code=10, says=says, hint="explain DB001", env={VARIABLE: url})
    assert victim.world.run("validate", env={VARIABLE: url}).code == 3


@pytest.mark.parametrize(
    ("database", "user", "password", "says"),
    [
        ("empty", OWNER, "not-the-password-at-all", f'refuses the password of "{OWNER}"'),
        ("nowhere", OWNER, PASSWORD, 'has no database "nowhere"'),
        ("closed", OWNER, PASSWORD, f'the role "{OWNER}" may not connect to "closed"'),
        ("another", OWNER, PASSWORD, "DB001 database another holds 2 objects that no migration"),
        ("another", OWNER, PASSWORD, "(table public.bookings, table public.guests): it belongs to something"),
        ("viewed", OWNER, PASSWORD, "holds 1 object that no migration of this checkout made (materialized"),
        ("moved", OWNER, PASSWORD, "(table public.alembic_version): it belongs to something else"),
    ],
)
def test_a_server_that_says_no(
    victim: Served, guarded_server: PasswordServer, database: str, user: str, password: str, says: str
) -> None:
    victim.world.secrets.append(password)
    url = guarded_server.url(database, user, password)
    hint = "createdb" if database in {"another", "viewed", "moved"} else "explain DB001"
    victim.refuses("deploy", code=10, says=["step preflight", says], hint=hint, env={VARIABLE: url})


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("", "ENV002 NOTES_DATABASE_URL is required in profile ci and is blank"),
        ("mysql://a:bbbbbbbb@c/d", "ENV017 NOTES_DATABASE_URL (process environment) has the scheme 'mysql'"),
        ("postgresql://", "ENV017 NOTES_DATABASE_URL (process environment) names no host"),
        ("postgresql://notes:p@ss:w/ord@127.0.0.1:1/x", "ENV017"),
        ("postgresql://notes:change-me@db.example.org:5432/notes", "ENV011"),
    ],
)
def test_a_url_that_is_none(victim: Served, value: str, says: str) -> None:
    ended = victim.refuses("deploy", code=10, says=[says], env={VARIABLE: value})
    assert "p@ss" not in ended.err + ended.out
    assert "[redacted" not in ended.hint


def test_an_env_file_with_a_blank_for_a_required_key(victim: Served) -> None:
    (victim.world.root / ".env.local").write_text(f"{VARIABLE}=\n")
    (victim.world.root / ".env.local").chmod(0o600)
    try:
        victim.refuses("deploy", code=10, says=["ENV002", VARIABLE, ".env.local"], hint=VARIABLE)
    finally:
        (victim.world.root / ".env.local").unlink()


def test_a_required_key_that_is_nowhere(victim: Served) -> None:
    world = victim.world
    text = (world.root / "env.toml").read_text()
    more = '\n[keys.NOTES_LICENCE]\ndocs = "Who may run it."\ntype = "str"\nrequired = ["ci"]\n'
    (world.root / "env.toml").write_text(text + more + 'example = "ask the office"\n')
    world.commit()
    says = ["ENV001 NOTES_LICENCE is required in profile ci and is not set"]
    victim.refuses("deploy", code=10, says=says, hint="NOTES_LICENCE=")


def test_an_env_file_that_is_tracked(victim: Served) -> None:
    world = victim.world
    (world.root / ".env.local").write_text("NOTES_GREETING=hello\n")
    (world.root / ".env.local").chmod(0o600)
    git(world.root, "add", "--force", ".env.local")
    world.commit()
    victim.refuses("deploy", code=10, says=["ENV015", ".env.local"], hint="git rm --cached")


def test_an_env_file_that_is_no_text(victim: Served) -> None:
    (victim.world.root / ".env.local").write_bytes(b"NOTES_GREETING=\xff\xfe\n")
    try:
        victim.refuses("deploy", code=10, says=["ENV010", ".env.local", "UTF-8"], hint="iconv")
    finally:
        (victim.world.root / ".env.local").unlink()


def test_a_port_that_somebody_has(victim: Served) -> None:
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-c", LISTEN, str(port)], stdout=subprocess.PIPE, text=True
    ) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "listens\n"
            says = [f"port {port} is held by", f"(pid {holder.pid})", Path(sys.executable).name[:6]]
            victim.refuses("deploy", "--port", str(port), code=10, says=says, hint="--port")
        finally:
            holder.kill()


def test_a_role_that_may_make_no_database_needs_none(victim: Served, guarded_server: PasswordServer) -> None:
    other = victim.world.beside("other")
    url = {VARIABLE: guarded_server.url("poor", POOR)}
    before, version, there = victim.world.standing(), victim.world.version(), guarded_server.databases()
    try:
        ended = other.run("deploy", env=url)
        assert ended.code == 0, ended.err
        assert other.version() == version
        assert guarded_server.databases() == there
    finally:
        other.forget()
    assert victim.world.standing() == before
