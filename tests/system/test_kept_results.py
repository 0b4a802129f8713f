"""`validate` twice on the same commit: what passed is not had again, and the report says so."""

import json
from typing import Any

import pytest

from tests.system.site import Site

pytestmark = pytest.mark.system
_SLOW = ("BLD003", "BLD006", "TST001", "DB001", "DB003", "DB009")


def _report(site: Site, *words: str) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(site.run("validate", "--format", "json", *words).out)
    return report


def _checks(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for section in report["sections"] for one in section["checks"]}


def _results(site: Site, *words: str) -> dict[str, dict[str, Any]]:
    return _checks(_report(site, "--only", ",".join(_SLOW), *words))


def test_what_passed_on_this_commit_is_kept_until_anything_changes(bare: Site) -> None:
    first, second = _results(bare), _results(bare)
    assert {one["status"] for one in first.values()} == {"pass"}
    assert [one for one in first if first[one].get("cached")] == []
    assert sorted(one for one in second if second[one].get("cached")) == sorted(_SLOW)
    bare.run("report", "verify", "reports/latest").expect(0)
    assert not any(one.get("cached") for one in _results(bare, "--no-cache").values())
    bare.change()
    assert not any(one.get("cached") for one in _results(bare).values())


def test_of_a_tree_that_differs_nothing_is_kept(bare: Site) -> None:
    (bare.root / "new.txt").write_text("not in the commit\n")
    _results(bare)
    assert not any(one.get("cached") for one in _results(bare).values())


def test_what_is_found_in_a_kept_run_of_the_migrations_is_found_again_with_its_locks(bare: Site) -> None:
    first, second = (_report(bare, "--only", "DB006") for _ in range(2))
    one, two = (_checks(each)["DB006"] for each in (first, second))
    assert (one["status"], two["status"]) == ("fail", "fail")
    assert [each["message"] for each in one["findings"]] == [each["message"] for each in two["findings"]]
    assert one.get("cached") is None
    assert two["cached"] == second["lock_timeline"]["cached"]
    assert first["lock_timeline"]["bars"] == second["lock_timeline"]["bars"]
    bare.run("report", "verify", "reports/latest").expect(0)
