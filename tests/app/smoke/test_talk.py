import httpx
import pytest

from hotelctl.app.smoke.talk import Broken, Talk, client_of

pytestmark = pytest.mark.anyio
_URL = "http://127.0.0.1"


async def test_a_cookie_is_sent_only_where_it_is_named() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(
            200, text=request.headers.get("cookie", ""), headers={"set-cookie": "a=1; Path=/"}
        )

    async with client_of(_URL, httpx.MockTransport(answer)) as client:
        talk = Talk(client)
        assert (await talk.ask("GET /")).cookie() == "a=1"
        assert (await talk.ask("GET /")).text == ""
        assert (await talk.ask("GET /", cookie="b=2")).text == "b=2"
    assert talk.requests == 3


async def test_a_redirect_is_the_answer() -> None:
    moved = httpx.Response(307, headers={"location": "/other"})
    async with client_of(_URL, httpx.MockTransport(lambda _: moved)) as client:
        with pytest.raises(Broken, match="GET /x: answered 307, must be 200"):
            (await Talk(client).ask("GET /x")).must(200)


async def test_a_refused_connection_is_tried_once_more_and_nothing_else_is() -> None:
    asked: list[str] = []

    def refuse_once(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        if len(asked) == 1:
            raise httpx.ConnectError("refused")
        return httpx.Response(500)

    async with client_of(_URL, httpx.MockTransport(refuse_once)) as client:
        assert (await Talk(client).ask("GET /x")).status == 500
    assert asked == ["/x", "/x"]
