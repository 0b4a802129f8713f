"""`validate` twice on the same commit: what passed is not had again, and the report says so."""

import json
from typing import Any

import pytest

from tests.system.site import Site

pytestmark = pytest.mark.system
_SLOW = ("BLD003", "BLD006", "TST001", "DB003")


def _results(site: Site, *words: str) -> dict[str, dict[str, Any]]:
    done = site.run("validate", "--only", ",".join(_SLOW), "--format", "json", *words)
    report = json.loads(done.out)
    return {one["id"]: one for section in report["sections"] for one in section["checks"]}


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
