import pytest
from starlette.datastructures import MutableHeaders

from hotelctl.app.api.headers import SCAN_PAGE, dress, page_nonce, page_policy
from hotelctl.app.logs import RequestRecord, current_request


def _dressed(path: str, *, page: bool, https: bool = True, **own: str) -> MutableHeaders:
    headers = MutableHeaders({"content-type": "text/html; charset=utf-8" if page else "application/json"})
    headers.update({name.replace("_", "-"): value for name, value in own.items()})
    record = RequestRecord("r", "192.0.2.1")
    record.nonce = "n0nce"
    token = current_request.set(record)
    dress(headers, path, https=https)
    current_request.reset(token)
    return headers


def _directives(policy: str) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in policy.split(";"))
    return {name: value for name, _, value in parts}


def test_a_page_may_load_its_own_files_and_what_has_the_nonce() -> None:
    policy = _directives(_dressed("/admin", page=True)["Content-Security-Policy"])
    assert policy == {
        "default-src": "'self'",
        "script-src": "'self' 'nonce-n0nce'",
        "style-src": "'self' 'nonce-n0nce'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "object-src": "'none'",
    }
    assert "unsafe" not in page_policy("x")


def test_data_may_load_nothing() -> None:
    policy = _directives(_dressed("/api/protected", page=False)["Content-Security-Policy"])
    assert (policy["default-src"], policy["frame-ancestors"]) == ("'none'", "'none'")


@pytest.mark.parametrize("page", [True, False])
def test_every_answer_has_them(page: bool) -> None:  # noqa: FBT001 - a parameter of the test
    headers = _dressed("/x", page=page)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "X-XSS-Protection" not in headers


def test_https_alone_demands_https() -> None:
    assert _dressed("/x", page=True)["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in _dressed("/x", page=True, https=False)


def test_the_camera_is_for_the_page_that_scans() -> None:
    assert "camera=(self)" in _dressed(SCAN_PAGE, page=True)["Permissions-Policy"]
    for path in ("/staff", "/staff/scan/x", "/q/x", "/admin"):
        assert "camera=()" in _dressed(path, page=True)["Permissions-Policy"]


def test_an_address_with_a_token_is_told_to_nobody() -> None:
    for path in ("/q/t0ken", "/set-password/t0ken"):
        assert _dressed(path, page=True)["Referrer-Policy"] == "no-referrer"
    assert _dressed("/admin", page=True)["Referrer-Policy"] == "same-origin"
    assert _dressed("/api/x", page=False)["Referrer-Policy"] == "no-referrer"


def test_what_a_route_says_itself_stays() -> None:
    headers = _dressed("/static/x.css", page=False, Cache_Control="max-age=31536000, immutable")
    assert headers["Cache-Control"] == "max-age=31536000, immutable"


def test_each_request_has_a_nonce_of_its_own() -> None:
    record = RequestRecord("id", "ip")
    assert record.nonce != RequestRecord("id", "ip").nonce
    token = current_request.set(record)
    assert page_nonce() == record.nonce
    current_request.reset(token)
    assert page_nonce() != page_nonce()
