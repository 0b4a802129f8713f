from hotelctl.core.http import Reply
from hotelctl.facts.set_cookie import SetCookie, set_cookies


def read(text: str) -> tuple[SetCookie, ...]:
    return set_cookies(Reply(200, {"set-cookie": text}, "", 0.0, "ev-1"))


def test_no_header_is_no_cookie() -> None:
    assert set_cookies(Reply(200, {}, "", 0.0, "ev-1")) == ()


def test_name_value_and_what_is_said() -> None:
    (one,) = read("sid=a=b; Path=/; HttpOnly; SameSite=Lax; Max-Age=0")
    assert (one.name, one.value) == ("sid", "a=b")
    assert one.attributes == {"path": "/", "httponly": "", "samesite": "Lax", "max-age": "0"}
    assert one.is_removed


def test_several_are_told_apart_whatever_dates_they_hold() -> None:
    found = read("a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT, __Host-b=2; Secure, c=3")
    assert [(one.name, one.value) for one in found] == [("a", "1"), ("__Host-b", "2"), ("c", "3")]
    assert not any(one.is_removed for one in found)


def test_its_value_is_never_shown() -> None:
    (one,) = read("sid=hunter2; HttpOnly; Path=/")
    assert one.shown() == "sid=...; httponly; path=/"
