from collections.abc import Iterator
from typing import Annotated
from uuid import uuid4

import httpx
import psycopg
import pytest
from fastapi import FastAPI

from hotelctl.app.api.require import limited, require, signed_in
from hotelctl.app.domain.failures import NotFound, RateLimited, Unavailable
from hotelctl.app.domain.ids import SYNTHETIC_HOTEL_ID
from hotelctl.app.domain.principal import Principal
from hotelctl.app.logs import RequestRecord, current_request
from hotelctl.app.services.limiter import BUCKETS, Bucket, By, CountedReading, spend, spending
from hotelctl.app.services.service import Service
from hotelctl.app.store.engine import Database
from hotelctl.app.store.limits import Limit
from tests.app import callers
from tests.app.people import HOTEL_A, PASSWORD, add_user


def test_the_limits_are_those_that_were_agreed() -> None:
    said = {
        (limit.bucket, limit.allowed, limit.window_s, bucket.by, bucket.strict)
        for bucket in BUCKETS.values()
        for limit in bucket.limits
    }
    assert said == {
        ("qr.validate", 10, 60, By.ADDRESS, True),
        ("qr.generate", 20, 60, By.SUBJECT, True),
        ("refresh", 20, 60, By.ADDRESS, True),
        ("logout", 20, 60, By.ADDRESS, True),
        ("export", 5, 3600, By.SUBJECT, True),
        ("chat", 20, 60, By.SUBJECT, False),
        ("chat.day", 200, 86_400, By.SUBJECT, False),
        ("chat.emergency", 60, 60, By.SUBJECT, False),
        ("chat.emergency.day", 500, 86_400, By.SUBJECT, False),
        ("one_time_link", 10, 60, By.ADDRESS, True),
        ("default", 300, 60, By.SUBJECT, False),
    }
    names = [limit.bucket for bucket in BUCKETS.values() for limit in bucket.limits]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("bucket", ["refresh", "nothing"])
def test_a_caller_is_not_counted_by_address_or_nowhere(bucket: str) -> None:
    with pytest.raises(ValueError, match=bucket):
        require("chat.use", bucket=bucket)


@pytest.mark.parametrize("bucket", ["qr.generate", "nothing"])
def test_an_address_is_not_counted_as_a_caller_or_nowhere(bucket: str) -> None:
    with pytest.raises(ValueError, match=bucket):
        limited(bucket)


@pytest.fixture
def uncountable(owner_connection: psycopg.Connection) -> Iterator[None]:
    """The service may not write down any attempt."""
    owner_connection.execute("REVOKE INSERT, UPDATE ON rate_limits FROM hotel_app")
    yield
    owner_connection.execute("GRANT INSERT, UPDATE ON rate_limits TO hotel_app")


def _age(url: str, seconds: int) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            "UPDATE rate_limits SET window_start = now() - make_interval(secs => %s)", (seconds,)
        )


@pytest.mark.database
@pytest.mark.anyio
class TestWithADatabase:
    async def test_one_attempt_too_many_is_told_the_limit(self, service: Service) -> None:
        for _ in range(20):
            await spend(service.db, "qr.generate", "k")
        with pytest.raises(RateLimited) as refused:
            await spend(service.db, "qr.generate", "k")
        wait_s = refused.value.retry_after_s
        assert wait_s is not None
        assert 1 <= wait_s <= 60
        assert refused.value.headers == {
            "RateLimit-Limit": "20",
            "RateLimit-Remaining": "0",
            "RateLimit-Reset": str(wait_s),
        }
        await spend(service.db, "qr.generate", "other")

    async def test_every_limit_of_a_bucket_holds(
        self, service: Service, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        both = Bucket((Limit("minute", 5, 60), Limit("day", 2, 86_400)), By.SUBJECT, strict=False)
        monkeypatch.setitem(BUCKETS, "both", both)
        for _ in range(2):
            await spend(service.db, "both", "k")
        with pytest.raises(RateLimited) as refused:
            await spend(service.db, "both", "k")
        assert refused.value.headers["RateLimit-Limit"] == "2"
        assert int(refused.value.headers["RateLimit-Reset"]) > 80_000

    async def test_several_at_once_are_all_counted_or_none_of_them(
        self, service: Service, owner_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        three = Bucket((Limit("a", 9, 60), Limit("b", 5, 60), Limit("c", 9, 60)), By.SUBJECT, strict=False)
        monkeypatch.setitem(BUCKETS, "three", three)
        await spend(service.db, "three", "k", times=3)
        with pytest.raises(RateLimited) as refused:
            await spend(service.db, "three", "k", times=3)
        assert refused.value.headers["RateLimit-Remaining"] == "2"
        with psycopg.connect(owner_url) as connection:
            found = connection.execute("SELECT bucket, hits FROM rate_limits ORDER BY bucket").fetchall()
        assert found == [("a", 3), ("b", 3), ("c", 3)]
        await spend(service.db, "three", "k", times=2)

    async def test_what_is_refused_in_the_end_does_not_count(self, service: Service) -> None:
        for _ in range(21):
            with pytest.raises(NotFound):
                async with spending(service.db, "qr.generate", "k"):
                    raise NotFound
        await spend(service.db, "qr.generate", "k", times=20)

    async def test_all_limits_are_counted_in_one_statement_and_none_after_the_one_that_refuses(
        self, service: Service, owner_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        three = Bucket((Limit("a", 9, 60), Limit("b", 2, 60), Limit("c", 9, 60)), By.SUBJECT, strict=False)
        monkeypatch.setitem(BUCKETS, "three", three)
        record = RequestRecord("r", "192.0.2.1")
        token = current_request.set(record)
        for _ in range(2):
            await spend(service.db, "three", "k")
        for _ in range(3):
            with pytest.raises(RateLimited):
                await spend(service.db, "three", "k")
        current_request.reset(token)
        assert (record.db_n, record.limited_by) == (5, "b")
        with psycopg.connect(owner_url) as connection:
            counted = connection.execute("SELECT bucket, hits FROM rate_limits WHERE key = 'k' ORDER BY 1")
            assert counted.fetchall() == [("a", 5), ("b", 5), ("c", 2)]

    @pytest.mark.usefixtures("service")
    @pytest.mark.parametrize("bucket", sorted(BUCKETS))
    async def test_without_a_count_only_what_is_not_strict_goes_on(
        self, bucket: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        db = Database("postgresql://x@127.0.0.1:1/x", pool_size=1, instance_id="t")
        if BUCKETS[bucket].strict:
            with pytest.raises(Unavailable):
                await spend(db, bucket, "k")
        else:
            await spend(db, bucket, "k")
        assert '"event": "limiter_failed"' in capsys.readouterr().out

    @pytest.mark.usefixtures("hotels")
    async def test_routes_count_callers_and_addresses(
        self, app: FastAPI, client: httpx.AsyncClient, service: Service, owner_url: str
    ) -> None:
        async def talk(who: Annotated[Principal, require("chat.use", bucket="qr.generate")]) -> str:
            return who.kind

        app.add_api_route("/try/talk", talk)
        app.add_api_route("/try/open", lambda: "open", dependencies=[limited("qr.validate")])
        first, second = await callers.guest(service), await callers.guest(service)
        for _ in range(20):
            assert (await client.get("/try/talk", headers=first)).status_code == 200
        answer = await client.get("/try/talk", headers=first)
        assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")
        assert {**answer.json(), "request_id": ""} == {
            "type": "https://docs/errors/rate_limited",
            "title": "Too many requests",
            "status": 429,
            "code": "rate_limited",
            "detail": "Try again later.",
            "request_id": "",
        }
        assert answer.headers["RateLimit-Limit"] == "20"
        assert answer.headers["Retry-After"] == answer.headers["RateLimit-Reset"]
        assert (await client.get("/try/talk", headers=second)).status_code == 200
        statuses = [(await client.get("/try/open")).status_code for _ in range(11)]
        assert statuses == [200] * 10 + [429]
        _age(owner_url, 61)
        assert (await client.get("/try/open")).status_code == 200

    @pytest.mark.usefixtures("hotels")
    async def test_a_common_limit_holds_for_all_but_the_synthetic_hotel(
        self, app: FastAPI, client: httpx.AsyncClient, service: Service, owner_url: str
    ) -> None:
        async def answer(who: Annotated[Principal, signed_in()]) -> str:
            return who.kind

        app.add_api_route("/try/any", answer)
        with psycopg.connect(owner_url) as connection:
            add_user(connection, SYNTHETIC_HOTEL_ID, "probe@synthetic.invalid", "manager")
        real = await callers.page(service)
        probe = await callers.page(service, "probe@synthetic.invalid", SYNTHETIC_HOTEL_ID)
        for headers in (real, probe):
            assert (await client.get("/try/any", headers=headers)).status_code == 200
        with psycopg.connect(owner_url) as connection:
            assert connection.execute("UPDATE rate_limits SET hits = 300").rowcount == 1
        assert (await client.get("/try/any", headers=real)).status_code == 429
        assert (await client.get("/try/any", headers=probe)).status_code == 200

    @pytest.mark.usefixtures("hotels", "uncountable")
    async def test_when_nobody_can_count_log_ins_wait_and_the_rest_passes_and_is_told(
        self, app: FastAPI, client: httpx.AsyncClient, service: Service
    ) -> None:
        async def answer(who: Annotated[Principal, signed_in()]) -> str:
            return who.kind

        app.add_api_route("/try/any", answer)
        headers = await callers.page(service)
        body = {"email": "manager@alpha.example", "password": PASSWORD}
        refused = await client.post("/api/auth/login", json=body)
        assert (refused.status_code, refused.json()["code"]) == (503, "dependency_unavailable")
        assert (await client.post("/api/qr/validate", json={"token": "x"})).status_code == 503
        assert (await client.get("/try/any", headers=headers)).status_code == 200
        sample = service.metrics.registry.get_sample_value
        for bucket in ("login_ip", "qr.validate", "default"):
            assert sample("hotel_limiter_failed_total", {"bucket": bucket}) == 1
        assert sample("hotel_login_total", {"result": "failed", "synthetic": "0"}) == 1

    @pytest.mark.usefixtures("hotels")
    async def test_pages_count_as_other_requests_do(
        self, client: httpx.AsyncClient, service: Service, owner_url: str
    ) -> None:
        headers = {**await callers.page(service), "Accept": "text/html"}
        guest = (await callers.guest(service))["Authorization"].removeprefix("Bearer ")
        for path, one in (("/account", headers), ("/guest/chat", {"Cookie": f"__Host-hotel={guest}"})):
            assert (await client.get(path, headers=one)).status_code == 200
            with psycopg.connect(owner_url) as connection:
                assert connection.execute("UPDATE rate_limits SET hits = 300").rowcount
            answer = await client.get(path, headers=one)
            assert (answer.status_code, answer.headers["RateLimit-Limit"]) == (429, "300")
            assert answer.headers["Retry-After"] == answer.headers["RateLimit-Reset"]

    @pytest.mark.usefixtures("hotels")
    async def test_a_read_is_counted_with_what_it_asks_and_told_nothing_beyond_the_limit(
        self, client: httpx.AsyncClient, service: Service, owner_url: str
    ) -> None:
        headers, bucket = await callers.page(service, "staff@alpha.example"), BUCKETS["default"].limits[0]
        paths = {
            "/api/tickets": 200,
            "/api/dashboard/staff": 200,
            "/api/dashboard/admin": 403,
            f"/api/knowledge/{uuid4()}": 404,
            "/api/knowledge/what": 404,
            "/api/tickets?cursor=what": 422,
        }
        for count, (path, status) in enumerate(paths.items(), 1):
            assert (await client.get(path, headers=headers)).status_code == status, path
            with psycopg.connect(owner_url) as connection:
                found = connection.execute("SELECT hits FROM rate_limits WHERE bucket = 'default'")
                assert found.fetchall() == [(count,)], path
        with psycopg.connect(owner_url) as connection:
            connection.execute("UPDATE rate_limits SET hits = %s", (bucket.allowed,))
        for path in paths:
            answer = await client.get(path, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited"), path
            assert answer.headers["RateLimit-Limit"] == "300"

    @pytest.mark.usefixtures("hotels", "uncountable")
    async def test_a_read_that_nobody_can_count_passes_and_is_told(
        self, client: httpx.AsyncClient, service: Service
    ) -> None:
        headers = await callers.page(service)
        assert (await client.get("/api/tickets", headers=headers)).status_code == 200
        sample = service.metrics.registry.get_sample_value
        assert sample("hotel_limiter_failed_total", {"bucket": "default"}) == 1

    async def test_a_strict_bucket_is_not_counted_on_the_way(self, service: Service) -> None:
        with pytest.raises(ValueError, match=r"qr\.generate"):
            CountedReading(service.db, HOTEL_A, "qr.generate", "k")

    async def test_refreshing_is_limited(self, client: httpx.AsyncClient) -> None:
        body = {"refresh_token": "x"}
        statuses = [(await client.post("/api/auth/refresh", json=body)).status_code for _ in range(21)]
        assert statuses == [401] * 20 + [429]
