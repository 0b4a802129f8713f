import pytest

from hotelctl.checks.security.cookies_are_guarded import cookies_are_guarded
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import Finding
from tests.checks import made
from tests.checks.security.answers import GOOD, asked, live

PLAIN = "sid=hunter2; Path=/; HttpOnly; SameSite=Lax"
SECURE = "__Host-sid=hunter2; Path=/; Secure; HttpOnly; SameSite=Strict"


def found(said: str, **fields: object) -> list[Finding]:
    return made.judged(cookies_are_guarded, live(entered=(asked(headers={"set-cookie": said}),), **fields))


def test_guarded_ones_are_fine() -> None:
    assert not found(PLAIN)
    assert not found(SECURE, https=True)
    assert not found(f"{PLAIN}, other=x; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly; SameSite=Lax")


@pytest.mark.parametrize(
    ("said", "https", "words"),
    [
        ("sid=x; SameSite=Lax", False, "read by scripts"),
        ("sid=x; HttpOnly", False, "lacks SameSite"),
        (PLAIN, True, "lacks Secure"),
        ("sid=x; HttpOnly; Secure; SameSite=None", True, "SameSite=None"),
        ("__Host-sid=x; Path=/; HttpOnly; SameSite=Lax", False, "lacks Secure"),
        ("__Host-sid=x; Path=/a; Secure; HttpOnly; SameSite=Lax", True, "refused by browsers"),
        (
            "__Host-sid=x; Path=/; Domain=a.example; Secure; HttpOnly; SameSite=Lax",
            True,
            "refused by browsers",
        ),
    ],
)
def test_each_missing_flag_is_a_finding(said: str, https: bool, words: str) -> None:  # noqa: FBT001 - a case
    (finding,) = found(said, https=https)
    assert words in finding.message
    assert finding.fix


def test_one_that_scripts_are_meant_to_read_may_be() -> None:
    assert not found("xsrf=x; SameSite=Lax", readable_cookies=("xsrf",))


def test_one_that_is_removed_again_is_none_and_without_any_nothing_is_said() -> None:
    with pytest.raises(NotApplicable, match="with and without a log-in"):
        found("sid=; Max-Age=0")
    with pytest.raises(NotApplicable, match="asked without a log-in"):
        made.judged(cookies_are_guarded, live())


def test_pages_and_refusals_set_cookies_too() -> None:
    loose = asked("GET /x", 401, {**GOOD, "set-cookie": "track=1"})
    assert {f.subject for f in made.judged(cookies_are_guarded, live(intruders=(loose,)))} == {"track"}
