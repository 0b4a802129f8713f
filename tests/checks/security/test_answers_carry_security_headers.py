import pytest

from hotelctl.checks.security.answers_carry_security_headers import answers_carry_security_headers
from hotelctl.core.finding import Finding, Severity
from tests.checks import made
from tests.checks.security.answers import GOOD, HTTPS, asked, live


def found(headers: dict[str, str], *, https: bool = False) -> list[Finding]:
    return made.judged(answers_carry_security_headers, live(https=https, pages=(asked(headers=headers),)))


def test_good_headers_are_fine() -> None:
    assert not found(GOOD)
    assert not found(HTTPS, https=True)
    assert not found({"content-type": "application/json", "x-content-type-options": "nosniff"})


@pytest.mark.parametrize("name", ["x-content-type-options", "content-security-policy", "referrer-policy"])
def test_a_page_without_one_of_them_is_a_finding(name: str) -> None:
    findings = found({key: value for key, value in GOOD.items() if key != name})
    assert name in [finding.subject for finding in findings]
    assert all(finding.fix for finding in findings)


def test_any_answer_may_be_mistaken_for_another_type() -> None:
    (finding,) = found({"content-type": "application/json"})
    assert finding.fix == "X-Content-Type-Options: nosniff"
    assert finding.evidence[0].excerpt.startswith("x-content-type-options: (none)")  # type: ignore[union-attr]  # an exchange


@pytest.mark.parametrize(
    ("policy", "word"),
    [
        ("default-src *", "*"),
        ("script-src 'self' 'unsafe-eval'", "'unsafe-eval'"),
        ("script-src 'self' 'unsafe-inline'", "'unsafe-inline'"),
        ("default-src 'none'; script-src https:", "https:"),
    ],
)
def test_a_loose_policy_is_a_finding(policy: str, word: str) -> None:
    (finding,) = found({**GOOD, "content-security-policy": f"{policy}; frame-ancestors 'none'"})
    assert f"allows scripts by {word}" in finding.message


def test_a_nonce_makes_unsafe_inline_void() -> None:
    policy = "script-src 'self' 'nonce-x' 'unsafe-inline'; frame-ancestors 'self'"
    assert not found({**GOOD, "content-security-policy": policy})


def test_frames_are_forbidden_by_either_header() -> None:
    policy = {**GOOD, "content-security-policy": "default-src 'self'"}
    (finding,) = found(policy)
    assert "may be framed by any site" in finding.message
    assert not found({**policy, "x-frame-options": "DENY"})
    assert found({**policy, "content-security-policy": "default-src 'self'; frame-ancestors *"})


@pytest.mark.parametrize("said", ["", "max-age=0", "max-age=3600"])
def test_https_must_hold_browsers_to_itself(said: str) -> None:
    (finding,) = found({**GOOD, "strict-transport-security": said}, https=True)
    assert finding.subject == "strict-transport-security"


def test_a_version_is_told_mildly_and_a_name_is_not() -> None:
    (finding,) = found({**GOOD, "server": "gunicorn/21.2"})
    assert finding.severity is Severity.LOW
    assert not found({**GOOD, "server": "Caddy"})


def test_the_same_fault_of_several_answers_is_told_once() -> None:
    bare = {"content-type": "text/plain"}
    pages = (asked(headers=bare), asked("GET /other", 404, bare))
    (finding,) = made.judged(answers_carry_security_headers, live(pages=pages))
    assert finding.message.startswith("GET / lets")
