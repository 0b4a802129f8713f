import re
from collections import Counter

import httpx
import pytest

from tests.app.smoke.conftest import Verdict
from tests.app.smoke.lies import Lying

pytestmark = [pytest.mark.database, pytest.mark.anyio]


@pytest.mark.parametrize(("number", "path"), [("P4", "/admin"), ("P5", "/staff")])
async def test_a_page_that_is_another_one_is_seen(
    verdict: Verdict, lying: Lying, number: str, path: str
) -> None:
    lying.says("GET", path, 200, "<main>Nothing here yet</main>")
    assert f"FAIL GET {path}: the answer does not hold 'data-page=" in await verdict(number)


async def test_a_page_for_everybody_is_seen(verdict: Verdict, lying: Lying) -> None:
    lying.says("GET", "/admin", 200, after=1)
    assert "FAIL GET /admin: answered 200, must be 403" in await verdict("P4")


async def test_a_page_without_its_headers_is_seen(verdict: Verdict, lying: Lying) -> None:
    def bare(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        return httpx.Response(200, text=response.text) if request.url.path == "/admin" else response

    lying.lies.append(bare)
    assert "the content security policy lacks default-src 'self'" in await verdict("P4")


async def test_a_style_sheet_that_is_not_there_is_seen(verdict: Verdict, lying: Lying) -> None:
    def missing(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        return httpx.Response(404) if request.url.path.endswith(".css") else response

    lying.lies.append(missing)
    found = await verdict("P5")
    assert found.startswith("FAIL GET /static/")
    assert "answered 404, must be 200" in found


async def test_a_log_in_form_of_another_site_is_seen(verdict: Verdict, lying: Lying) -> None:
    lying.says("POST", "/login", 303)
    assert "FAIL POST /login: answered 303, must be 403" in await verdict("P4")


async def test_a_kind_of_link_is_followed_once(verdict: Verdict, lying: Lying) -> None:
    ids = ["01890000-0000-7000-8000-0000000000aa", "01890000-0000-7000-8000-0000000000ab"]
    listed = " ".join(f'<a href="/staff/work-orders/{one}"></a>' for one in ids)
    lying.rewrites("/staff", "</main>", f"{listed}</main>")
    asked: Counter[str] = Counter()

    def served(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        asked[request.method + " " + re.sub(r"[0-9a-f-]{36}", "*", request.url.path)] += 1
        made_up = request.method == "GET" and request.url.path.rpartition("/")[2] in ids
        return httpx.Response(200) if made_up else response

    lying.lies.append(served)
    assert await verdict("P5") == "PASS"
    assert asked["GET /staff/work-orders/*"] == 1


async def test_a_thing_whose_page_is_missing_is_seen(verdict: Verdict, lying: Lying) -> None:
    gone = "/staff/work-orders/01890000-0000-7000-8000-0000000000aa"
    lying.rewrites("/staff", "<main", f'<a href="{gone}"></a><main')
    assert "answered 404, must be 200" in await verdict("P5")
