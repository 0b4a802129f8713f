"""A restore that is killed at any of its acts, and repeated; a service that goes on."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.cli.notes import LATE, Notes, guests, kept_aside, late, notes, server
from tests.house.tracked import ROOT
from tests.system.site import Site

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def beside() -> Iterator[str]:
    with server(18) as url:
        yield url


@pytest.fixture
def service(
    beside: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Notes]:
    with notes(tmp_path, beside, monkeypatch, capsys) as made:
        yield made


_POINTS = range(1, 11)


@pytest.mark.parametrize("point", _POINTS)
def test_a_restore_that_is_killed_is_repeated_by_the_same_command(service: Notes, point: int) -> None:
    """After each act: noted, created, restored, ended; noted, closed, dumped, verified, swapped, ended."""
    name = late(service)
    words = ("backup", "restore", name, "--swap", "--accept-data-loss", str(LATE), "--quiet")
    killed = subprocess.run(
        [sys.executable, "-m", "hotelctl", *words],
        cwd=service.root,
        env={**os.environ, "PYTHONPATH": str(ROOT), "HOTELCTL_FAULT": f"after@{point}"},
        check=False,
        capture_output=True,
        timeout=120,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    over = point == _POINTS[-1]
    if not over:
        rows = guests(service)
        assert rows == (2000 if point == _POINTS[-2] else 2000 + LATE)
        code, _, err = service.run("backup", "list")
        assert (code, "a restore was interrupted; to settle it: hotelctl backup restore" in err) == (
            0,
            point != 4,  # the copy is whole, and nothing is in hand
        )
        if point != 4:
            assert "settles it" in service.facts("status")["restore"]
            code, _, err = service.run("rollback")
            assert (code, "was interrupted hint: hotelctl backup restore" in err) == (2, True), err
        assert service.facts(*words)["rows"] == 2300
    kept_aside(service)


def _note(site: Site, text: str) -> None:
    """Somebody writes it down through the service."""
    assert httpx.post(f"{site.url}/notes", json={"text": text}, timeout=60).status_code == 201


def _notes(site: Site) -> list[str]:
    """All of them, as soon as each connection that the service lost has been met once."""
    answers = (httpx.get(f"{site.url}/notes", timeout=60) for _ in range(20))
    answer = next(one for one in answers if one.status_code == 200)
    return [note["text"] for note in answer.json()["notes"]]


def test_the_service_goes_on_with_the_database_that_was_restored(bare: Site) -> None:
    bare.deploy().expect(0)
    _note(bare, "before")
    name = bare.facts("backup", "create")["id"]
    for n in range(3):
        _note(bare, f"after {n}")
    refused = bare.run("backup", "restore", name, "--swap").expect(10)
    assert "3 rows written since the backup would be lost" in " ".join(refused.err.split())
    assert _notes(bare)[0] == "after 2"
    told = bare.facts("backup", "restore", name, "--swap", "--accept-data-loss", "3")
    assert told["set_aside"].startswith("plain_notes_before_")
    assert _notes(bare) == ["before"]
    _note(bare, "again")
    bare.run("verify").expect(0)
    bare.change()
    bare.deploy().expect(0)
    assert _notes(bare) == ["again", "before"]
    assert {one["state"] for one in bare.facts("backup", "list")} == {"verified"}
