from hotelctl.checks.docker.packages_come_from_the_lock import packages_come_from_the_lock as check
from hotelctl.core.finding import Severity
from tests.checks import made
from tests.checks.docker import written


def test_a_lock_is_fine() -> None:
    text = "FROM a:1\nCOPY package*.json .\nRUN npm ci && pip install -r requirements.txt\n"
    assert (
        made.judged(check, written.files(text), written.settings(pinned=frozenset({"requirements.txt"})))
        == []
    )


def test_a_free_choice_is_told() -> None:
    (finding,) = made.judged(
        check, written.files("FROM a:1 AS b\nRUN set -e && npm install\n"), written.settings()
    )
    assert finding.subject == "npm install in stage b"
    assert (finding.fix, str(finding.location), finding.severity) == ("npm ci", "Dockerfile:2", None)


def test_a_version_without_its_company_is_less() -> None:
    (finding,) = made.judged(
        check, written.files("FROM a:1\nRUN pip install flask==3.0.3\n"), written.settings()
    )
    assert finding.severity is Severity.MEDIUM


def test_a_password_of_an_index_is_not_shown() -> None:
    text = "FROM a:1\nRUN pip install -i https://u:hunter2hunter2@index.example.org flask\n"
    (finding,) = made.judged(check, written.files(text), written.settings())
    assert "redacted" in finding.message
