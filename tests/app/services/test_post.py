import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from hotelctl.app import logs
from hotelctl.app.domain.failures import NotConfigured
from hotelctl.app.domain.ids import SYNTHETIC_HOTEL_ID
from hotelctl.app.domain.mails import invitation
from hotelctl.app.domain.texts import texts_in
from hotelctl.app.services.external.contact import CallFailed
from hotelctl.app.services.post import Post, wait_s
from hotelctl.app.services.service import Service
from hotelctl.app.settings import Settings
from tests.app.mail import SERVER, Noted
from tests.app.people import HOTEL_A, HOTEL_B

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_LINK = "https://hotel.example/invite/t0ken"


Make = Callable[..., tuple[Post, Noted]]


@pytest.fixture
def make(service: Service, settings_of: Callable[..., Settings], hotels: str) -> Make:
    assert hotels

    def post(*failures: Exception, **more: object) -> tuple[Post, Noted]:
        smtp = Noted(settings_of("postgresql://x@127.0.0.1:1/x", **(more or SERVER)), *failures)
        return Post(service.db, smtp, service.probe), smtp

    return post


async def _invite(
    service: Service, post: Post, hotel_id: UUID = HOTEL_A, to: str = "new@alpha.example"
) -> None:
    async with service.db.transaction(hotel_id) as session:
        post.enqueue(session, hotel_id, invitation(texts_in("en"), to, "Grand", _LINK, timedelta(hours=72)))


def _row(url: str) -> tuple[Any, ...]:
    query = "SELECT status, body IS NULL, attempts, last_error FROM outbox"
    with psycopg.connect(url) as connection:
        (row,) = connection.execute(query).fetchall()
    return row


def _due_again(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE outbox SET next_attempt_at = now()")


async def test_without_a_server_nothing_is_pretended(make: Make, service: Service, hotels: str) -> None:
    post, _ = make(email_from="a@b.example")
    with pytest.raises(NotConfigured):
        await _invite(service, post)
    with psycopg.connect(hotels) as connection:
        assert connection.execute("SELECT count(*) FROM outbox").fetchone() == (0,)


async def test_what_was_written_down_is_sent_once(make: Make, service: Service) -> None:
    post, smtp = make()
    await _invite(service, post)
    await _invite(service, post, HOTEL_B, "new@beta.example")
    assert await post.send_due() == 2
    assert await post.send_due() == 0
    assert {message["To"] for message in smtp.taken} == {"new@alpha.example", "new@beta.example"}
    message = smtp.taken[0]
    assert message["From"] == "assistant@hotel.example"
    assert message["Message-ID"].endswith("@hotel.example>")
    assert message["Auto-Submitted"] == "auto-generated"
    assert _LINK in message.get_content()


async def test_a_change_that_is_taken_back_sends_nothing(make: Make, service: Service) -> None:
    post, smtp = make()
    mail = invitation(texts_in("en"), "new@alpha.example", "Grand", _LINK, timedelta(hours=72))

    async def fail() -> None:
        async with service.db.transaction(HOTEL_A) as session:
            post.enqueue(session, HOTEL_A, mail)
            await session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert (await post.send_due(), smtp.taken) == (0, [])


async def test_a_probe_s_mail_goes_to_nobody(make: Make, service: Service, hotels: str) -> None:
    post, smtp = make()
    await _invite(service, post, SYNTHETIC_HOTEL_ID)
    assert (await post.send_due(), smtp.taken) == (0, [])
    assert _row(hotels) == ("suppressed", True, 0, None)


async def test_what_is_to_wait_is_sent_when_its_time_has_come(
    make: Make, service: Service, hotels: str
) -> None:
    post, smtp = make()
    mail = invitation(texts_in("en"), "new@alpha.example", "Grand", _LINK, timedelta(hours=72))
    later = datetime.now(UTC) + timedelta(hours=1)
    async with service.db.transaction(HOTEL_A) as session:
        post.enqueue(session, HOTEL_A, mail, not_before=later)
    assert (await post.send_due(), smtp.taken) == (0, [])
    _due_again(hotels)
    assert await post.send_due() == 1


async def test_a_failure_waits_and_keeps_its_message_id(make: Make, service: Service, hotels: str) -> None:
    post, smtp = make(CallFailed("refused_for_now"), ConnectionResetError())
    await _invite(service, post)
    assert await post.send_due() == 0
    assert _row(hotels) == ("pending", False, 1, "refused_for_now")
    assert await post.send_due() == 0
    _due_again(hotels)
    await post.send_due()
    assert _row(hotels) == ("pending", False, 2, "unreachable")
    _due_again(hotels)
    assert await post.send_due() == 1
    assert _row(hotels) == ("sent", True, 3, None)
    assert len(smtp.taken) == 1


@pytest.mark.parametrize("code", ["recipient_refused"])
async def test_what_is_hopeless_is_given_up(code: str, make: Make, service: Service, hotels: str) -> None:
    post, _ = make(CallFailed(code))
    await _invite(service, post)
    await post.send_due()
    assert _row(hotels) == ("failed", True, 1, code)


async def test_an_address_that_is_none_is_given_up(make: Make, service: Service, hotels: str) -> None:
    post, smtp = make()
    await _invite(service, post, to="a b@x.example")
    assert (await post.send_due(), smtp.taken) == (0, [])
    assert _row(hotels) == ("failed", True, 1, "bad_address")


async def test_after_twelve_attempts_it_is_over(make: Make, service: Service, hotels: str) -> None:
    post, _ = make(CallFailed("timeout"))
    await _invite(service, post)
    with psycopg.connect(hotels) as connection:
        connection.execute("UPDATE outbox SET attempts = 11")
    await post.send_due()
    assert _row(hotels) == ("failed", True, 12, "timeout")


def test_waits_grow_to_an_hour() -> None:
    assert [wait_s(n) for n in (1, 2, 3, 7, 8, 12)] == [30, 60, 120, 1920, 3600, 3600]


async def test_the_job_sends_soon_and_ends_when_told(make: Make, service: Service) -> None:
    post, smtp = make()
    job = asyncio.create_task(post.deliver())
    await _invite(service, post)
    async with asyncio.timeout(60):
        while not smtp.taken:  # noqa: ASYNC110 - the mail itself is the sign
            await asyncio.sleep(0.01)
        post.stop()
        await job


async def test_an_instance_that_drains_begins_no_mail(make: Make, service: Service) -> None:
    post, smtp = make()
    await _invite(service, post)
    service.drain()
    await post._round()
    assert smtp.taken == []


async def test_a_bug_is_seen_and_mail_still_goes_out(
    make: Make, service: Service, hotels: str, capsys: pytest.CaptureFixture[str]
) -> None:
    post, smtp = make(KeyError("s3cr3t"))
    await _invite(service, post)
    logs.configure(service.identity)
    await post._round()
    _due_again(hotels)
    await post._round()
    assert len(smtp.taken) == 1
    out = capsys.readouterr().out
    events = [line["event"] for line in map(json.loads, out.splitlines())]
    assert events == ["crashed", "mail_sent"]
    for private in ("s3cr3t", "new@alpha.example", "t0ken"):
        assert private not in out
