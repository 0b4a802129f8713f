from hotelctl.checks.docker.hadolint_finds_nothing import hadolint_finds_nothing as check
from hotelctl.core.finding import Severity
from hotelctl.facts.hadolint import Remark
from tests.checks import made
from tests.checks.docker import written

_FILE = written.files("FROM a:1 AS web\nRUN apt-get install curl\nRUN apt-get install wget\n")


def test_a_silent_hadolint_is_fine() -> None:
    assert made.judged(check, _FILE, written.runs()) == []


def test_each_remark_keeps_its_id_its_place_and_its_level() -> None:
    said = [Remark("DL3008", "warning", n, "Pin versions") for n in (2, 3)] + [
        Remark("SC1", "error", 3, "No")
    ]
    found = made.judged(check, _FILE, written.runs(*said))
    assert [one.subject for one in found] == [
        "DL3008 in RUN of stage web",
        "DL3008 in RUN of stage web #2",
        "SC1 in RUN of stage web",
    ]
    assert [str(one.location) for one in found] == ["Dockerfile:2", "Dockerfile:3", "Dockerfile:3"]
    assert [one.severity for one in found] == [Severity.MEDIUM, Severity.MEDIUM, Severity.HIGH]


def test_a_remark_that_quotes_a_secret_does_not_show_it() -> None:
    file = written.files("FROM a:1\nENV DB_PASSWORD=hunter2hunter2\n")
    (finding,) = made.judged(check, file, written.runs(Remark("SC1", "info", 2, "hunter2hunter2 is odd")))
    assert finding.message == "SC1: [redacted 14 chars] is odd"
    said = Remark("SC2034", "warning", 2, "API_TOKEN=hunter2hunter2 appears unused.")
    (finding,) = made.judged(check, _FILE, written.runs(said))
    assert "appears unused" in finding.message


def test_a_hadolint_that_could_not_judge_is_unknown() -> None:
    doubts = {"Dockerfile": "Dockerfile: hadolint was killed at its limit"}
    assert "killed" in written.unknown(check, _FILE, written.runs(doubts=doubts))
