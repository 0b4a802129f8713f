import pytest

from hotelctl.checks.security.wrong_passwords_get_one_answer import wrong_passwords_get_one_answer
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Finding
from hotelctl.facts.declared_security import DeclaredLogIns
from tests.checks import made
from tests.checks.security.answers import asked, attempts, sandbox

WAY = DeclaredLogIns(1)


def found(**fields: object) -> list[Finding]:
    return made.judged(wrong_passwords_get_one_answer, WAY, sandbox(attempts=(attempts(**fields),)))


def test_one_answer_is_fine_whatever_differs_each_time() -> None:
    assert not found()
    pages = {"wrong": "<p>ana@a.example", "unknown": "<p>nobody-1@a.example"}
    assert not found(**{name: asked("POST /log-in", 401, body=text) for name, text in pages.items()})
    pages = {"wrong": 'nonce="c0Ffee_4b1d1-2222"', "unknown": 'nonce="9b1d1_c0Ffee-3333"'}
    assert not found(**{name: asked("POST /log-in", 401, body=text) for name, text in pages.items()})


@pytest.mark.parametrize("which", ["wrong", "unknown"])
@pytest.mark.parametrize("status", [200, 303, 404, 500])
def test_whoever_is_not_refused_is_a_finding(which: str, status: int) -> None:
    (finding,) = found(**{which: asked("POST /log-in", status, sent="a wrong password")})
    assert f"answers {status}, must be 401" in finding.message


@pytest.mark.parametrize(
    "unknown",
    [
        asked("POST /log-in", 401, body='{"title": "no such user", "request_id": "2"}'),
        asked("POST /log-in", 401, {"x-known": "no"}, '{"title": "no", "request_id": "2"}'),
        asked("POST /log-in", 401, body="no"),
        asked("POST /log-in", 401, body='{"title": "no", "code": "unknown_account_name"}'),
    ],
    ids=["text", "headers", "form", "code"],
)
def test_telling_the_two_apart_is_a_finding(unknown: object) -> None:
    (finding,) = found(unknown=unknown)
    assert "tells a wrong password from an unknown name" in finding.message
    assert len(finding.evidence) == 2


def test_where_nobody_comes_in_a_refusal_proves_nothing() -> None:
    with pytest.raises(Unavailable, match="proves nothing"):
        found(right=asked("POST /log-in", 401))
    with pytest.raises(Unavailable, match="no seed"):
        made.judged(wrong_passwords_get_one_answer, WAY, sandbox(attempts=(), no_people="no seed"))
    with pytest.raises(Unavailable, match="0 of 1 ways in were tried"):
        made.judged(wrong_passwords_get_one_answer, WAY, sandbox(attempts=()))
