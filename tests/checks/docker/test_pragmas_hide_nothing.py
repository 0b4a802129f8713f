from hotelctl.checks.docker.pragmas_hide_nothing import pragmas_hide_nothing as check
from hotelctl.facts.hadolint import Remark
from tests.checks import made
from tests.checks.docker import written

_FILE = written.files("FROM a\n# hadolint ignore=DL3008\nRUN apt-get install curl\n")
_REMARK = Remark("DL3008", "error", 3, "Pin versions")


def test_what_is_shown_is_not_hidden() -> None:
    assert made.judged(check, _FILE, written.runs(_REMARK)) == []


def test_what_a_comment_hides_is_told() -> None:
    (finding,) = made.judged(check, _FILE, written.runs(hidden=(_REMARK,)))
    assert finding.message == "a comment hides DL3008: Pin versions"
    assert finding.severity is None
    assert str(finding.location) == "Dockerfile:3"


def test_a_hadolint_that_could_not_judge_is_unknown() -> None:
    assert written.unknown(check, _FILE, written.runs(doubts={"Dockerfile": "no"})) == "no"
