from typing import Any

import pytest
from packaging.utils import canonicalize_name

from hotelctl.checks.security.packages_have_no_advisory import packages_have_no_advisory as check
from hotelctl.core.errors import Unavailable
from hotelctl.facts.advisories import Advisories, Advisory
from hotelctl.facts.lock import read_lock
from tests.checks import made

_LOCK = read_lock("lock.txt", b"rich==15\njinja2==2.10\n")
_BAD = Advisory(
    "GHSA-1",
    ("CVE-2019-1", "PYSEC-1"),
    canonicalize_name("jinja2"),
    "2.10",
    ("2.10.1", "3.0"),
    "Sandbox escape",
)


def advisories(*found: Advisory, **fields: Any) -> Advisories:  # noqa: ANN401 - fields of the fact
    """What the service said at noon."""
    return Advisories(
        "https://osv.example.org", made.NOON, ("pip-audit",), int(bool(found)), 2, found, **fields
    )


def test_nothing_found_is_fine() -> None:
    assert made.judged(check, advisories(), _LOCK) == []


def test_an_advisory_names_the_fix_and_the_line_of_the_lock() -> None:
    (finding,) = made.judged(check, advisories(_BAD), _LOCK)
    assert (
        finding.message
        == "jinja2 2.10 has the advisory GHSA-1 (CVE-2019-1), fixed in 2.10.1, 3.0: Sandbox escape"
    )
    assert (str(finding.location), finding.fix) == ("lock.txt:2", "jinja2>=2.10.1, then write lock.txt anew")
    assert "2026-03-01T12:00:00" in repr(finding.evidence)


def test_what_could_not_be_looked_up_is_unknown_whatever_was_found() -> None:
    answers = iter(check.judge(advisories(_BAD, doubts=("odd was skipped: not on the index",)), _LOCK))
    assert next(answers).subject == "GHSA-1 in jinja2"
    with pytest.raises(Unavailable, match="odd was skipped: not on the index; 2 others were looked up"):
        next(answers)
