"""`hotelctl bench` loads what serves through its edge; the checks and the report follow what it measured."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.services.checkout import commit_all, release_change
from tests.system.site import Site

pytestmark = pytest.mark.system
_LOAD = """
[performance.greeting]
path = "/"
rate = 40
seconds = 4
warm_up_s = 1
timeout_s = 30
p95_s = 2.5
max_memory_bytes = 400_000_000
"""
_QUICK = "        path = path.partition"
# More than the limit, or 500 for one request in four.
_SLOW = """        if path == "/":
            import time
            time.sleep(2.7)
"""
_FAILING = """        if path == "/" and next(self._turns) % 4 == 0:
            return Answer(500, {"error": "planted"})
"""


def _loaded(site: Site, load: str = _LOAD) -> None:
    file = site.root / "hotelctl.toml"
    text = file.read_text().replace("ready_timeout_s = 15", "ready_timeout_s = 15\nready_budget_s = 15", 1)
    file.write_text(text + load)
    commit_all(site.root, "the greeting has to be quick")


def _plant(site: Site, lines: str, version: str) -> None:
    file = site.root / "plainsvc" / "routes.py"
    text = file.read_text().replace(_QUICK, lines + _QUICK, 1)
    file.write_text(text.replace("        self._greeting = greeting\n", _TURNS, 1))
    release_change(site.root, version)


_TURNS = "        self._greeting = greeting\n        self._turns = iter(range(10**9))\n"


def _checks(report: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    found = [check for one in report["sections"] if one["id"] == "performance" for check in one["checks"]]
    return {check["id"]: check for check in found}


def _judged(site: Site, code: int) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """The checks by id and the rows by metric of a validation that ends with `code`."""
    report = json.loads(site.run("validate", "--only", "performance", "--format", "json").expect(code).out)
    site.run("report", "verify", report["id"]).expect(0)
    return _checks(report), {row["metric"]: row for row in report["performance"]}


def _nothing_to_measure(site: Site) -> None:
    assert "names no load" in site.run("bench").expect(2).err
    _loaded(site)
    assert "nothing is deployed here yet" in site.run("bench").expect(2).err
    checks, rows = _judged(site, 0)
    assert {check["status"] for check in checks.values()} == {"not_applicable"}
    assert rows == {}


def _not_measured_yet(site: Site) -> None:
    site.deploy().expect(0)
    deployed = {name: check["status"] for name, check in _checks(site.report()).items()}
    assert deployed.pop("PRF008") == "pass"
    assert set(deployed.values()) == {"not_applicable"}
    checks, rows = _judged(site, 0)
    assert checks["PRF008"]["status"] == "pass"
    assert {name for name, check in checks.items() if check["status"] != "unknown"} == {"PRF002", "PRF008"}
    assert checks["PRF001"]["reason"].endswith("; hotelctl bench")
    assert (rows["greeting_p95"]["measured"], rows["greeting_p95"]["status"]) == (None, "unknown")


def _measured(site: Site) -> str:
    """The release that was measured and is kept."""
    found = site.facts("bench")
    (one,) = found["loads"]
    assert (one["outcome"]["n"], one["outcome"]["warm_up_dropped"]) == (160, 40)
    assert (found["commit"], found["same_host"]) == (site.answers()["commit"], True)
    stored = site.root / found["path"]
    assert json.loads(stored.read_text())["id"] == found["id"]
    records = [json.loads(line) for line in (stored.parent / "evidence.jsonl").read_text().splitlines()]
    assert one["evidence"] in {record["id"] for record in records}
    return str(found["release"])


def _found_quick(site: Site) -> None:
    checks, rows = _judged(site, 0)
    passed = {name for name, check in checks.items() if check["status"] == "pass"}
    assert {"PRF001", "PRF003", "PRF004", "PRF005", "PRF007", "PRF009", "PRF010", "PRF012"} <= passed
    assert (checks["PRF002"]["status"], checks["PRF006"]["status"]) == ("not_applicable", "not_applicable")
    assert (rows["greeting_p95"]["status"], rows["greeting_p95"]["n"]) == ("pass", 160)
    verified = json.loads(site.run("verify", "--format", "json").expect(0).out)
    assert _checks(verified)["PRF001"]["status"] == "pass"
    row = rows["greeting_memory_peak"]
    assert (row["status"], row["target"], row["unit"]) == ("pass", 400, "MB")
    # More than an interpreter, less than is granted; a sample a second.
    assert 8 < row["measured"] < 400
    assert row["n"] >= 4


def _granted_less(site: Site) -> None:
    """What it took is more than is granted now: that turns the check of memory, and no other."""
    file = site.root / "hotelctl.toml"
    said = file.read_text()
    file.write_text(said.replace("max_memory_bytes = 400_000_000", "max_memory_bytes = 1_000_000"))
    found = _checks(json.loads(site.run("verify", "--format", "json").out))
    assert {name for name, check in found.items() if check["status"] in {"fail", "warn"}} == {"PRF009"}
    (finding,) = found["PRF009"]["findings"]
    assert finding["message"].startswith("greeting: the release held ")
    assert finding["message"].endswith(" MB, 1 MB are granted")
    assert finding["location"]["path"] == "hotelctl.toml"
    file.write_text(said)


def test_what_is_planted_is_measured_and_judged(bare: Site) -> None:
    _nothing_to_measure(bare)
    _not_measured_yet(bare)
    first = _measured(bare)
    _found_quick(bare)
    _granted_less(bare)

    _plant(bare, _SLOW, "2.0.0")
    checks, _ = _judged(bare, 0)
    assert "HEAD can be measured once it is deployed" in checks["PRF001"]["reason"]
    bare.deploy().expect(0)
    assert _measured(bare) != first
    checks, rows = _judged(bare, 1)
    assert (checks["PRF001"]["status"], rows["greeting_p95"]["status"]) == ("fail", "fail")
    assert checks["PRF006"]["findings"][0]["message"].endswith("ms")
    assert checks["PRF003"]["status"] == "pass"
    assert "greeting_p95 | 2.5 s |" in (bare.root / "reports" / "latest" / "report.md").read_text()


def test_errors_fail_the_check_of_errors(bare: Site) -> None:
    # All are counted: at a border those on either side of it might come in turns.
    _loaded(bare, _LOAD.replace("warm_up_s = 1", "warm_up_s = 0"))
    _plant(bare, _FAILING, "1.5.0")
    bare.deploy().expect(0)
    shown = bare.run("bench").expect(0).out
    assert "25.00%" in shown
    checks, rows = _judged(bare, 1)
    (finding,) = checks["PRF003"]["findings"]
    assert finding["message"] == "greeting: 40 of 160 requests of / failed: 40 status_500"
    assert finding["location"]["path"] == "hotelctl.toml"
    assert rows["greeting_error_share"]["measured"] == 0.25
    assert checks["PRF004"]["status"] == "pass"
