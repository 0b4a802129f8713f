"""`validate` starts the candidate in a sandbox and takes it down, however it ends."""

import json
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests.services.checkout import commit_all
from tests.system.running import Running
from tests.system.site import Site
from tests.system.tidiness import assert_no_leftovers, assert_nothing_runs

pytestmark = pytest.mark.system
PATIENCE_S = 120.0
# It never becomes ready, so that there is time to end the command meanwhile.
_SLOW = '[health]\nlive = "/healthz"\nready = "/ready"'


def sandboxes(site: Site) -> list[int]:
    """The processes of the candidate in a directory for temporary files of the site."""
    found = []
    for place in Path("/proc").iterdir():
        try:
            line = (place / "cmdline").read_bytes().decode(errors="replace") if place.name.isdigit() else ""
        except OSError:
            continue
        if str(site.temporary) in line and "plainsvc" in line:
            found.append(int(place.name))
    return found


def never_ready(site: Site) -> None:
    file = site.root / "hotelctl.toml"
    text = file.read_text()
    assert _SLOW in text
    file.write_text(text.replace(_SLOW, _SLOW.replace("/ready", "/never")))


def checks(site: Site) -> dict[str, dict[str, Any]]:
    sections = site.report()["sections"]
    return {check["id"]: check for section in sections for check in section["checks"]}


def in_a_sandbox(site: Site) -> Running:
    running = Running.of(site, "validate", "--only", "SEC013")
    until = time.monotonic() + PATIENCE_S
    while not sandboxes(site):
        assert time.monotonic() < until, str(running.end())
        time.sleep(0.02)
    return running


def settled(site: Site) -> None:
    until = time.monotonic() + PATIENCE_S
    while sandboxes(site) and time.monotonic() < until:
        time.sleep(0.05)
    assert sandboxes(site) == []


def test_the_candidate_is_asked_and_nothing_of_it_stays(bare: Site) -> None:
    bare.run("validate", "--only", "security").expect(0)
    found = checks(bare)
    assert {name for name in found if found[name]["status"] == "pass"} >= {"SEC013", "SEC014"}
    for name, words in (("SEC012", "tenant_columns"), ("SEC016", "protected"), ("SEC017", "log_in")):
        assert found[name]["status"] == "not_applicable"
        assert words in found[name]["reason"]
    bare.run("report", "verify").expect(0)
    assert_nothing_runs(bare)
    assert_no_leftovers(bare)
    assert sandboxes(bare) == []


def test_a_fault_of_the_candidate_is_found(bare: Site) -> None:
    file = bare.root / "plainsvc" / "server.py"
    line = '        self.send_header("X-Content-Type-Options", "nosniff")\n'
    assert line in file.read_text()
    file.write_text(file.read_text().replace(line, ""))
    commit_all(bare.root, "Bare answers")
    ended = bare.run("validate", "--only", "SEC013,SEC014").expect(1)
    assert "lets browsers guess the type of its answer" in " ".join(ended.out.split())
    assert {name: check["status"] for name, check in checks(bare).items()} == {
        "SEC013": "fail",
        "SEC014": "pass",
    }


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_is_told_to_end_takes_it_down(bare: Site, number: signal.Signals) -> None:
    never_ready(bare)
    running = in_a_sandbox(bare)
    running.send(number)
    ended = running.end().expect(128 + number)
    assert "Traceback" not in ended.err
    settled(bare)
    assert_nothing_runs(bare)
    assert_no_leftovers(bare)


def test_a_killed_commands_sandbox_ends_with_it_and_the_next_run_sweeps_the_rest(bare: Site) -> None:
    never_ready(bare)
    running = in_a_sandbox(bare)
    running.process.kill()
    running.end()
    settled(bare)
    assert list(bare.temporary.iterdir())
    bare.run("validate", "--only", "SEC013,OPS001")
    assert_nothing_runs(bare)
    assert_no_leftovers(bare)


def test_what_serves_is_asked_in_its_stead_by_validate_and_verify(served: Site) -> None:
    for command in (("validate", "--only", "SEC013"), ("verify",)):
        served.run(*command)
        (place,) = [one for one in checks(served).values() if one["id"] == "SEC013"]
        assert place["status"] == "pass"
        lines = (served.root / "reports/latest/evidence.jsonl").read_text().splitlines()
        evidence = [json.loads(line) for line in lines]
        assert f"{served.url}/" in [one.get("url") for one in evidence]
        assert "instance" not in [one["adapter"] for one in evidence]
