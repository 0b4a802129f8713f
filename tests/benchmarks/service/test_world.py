"""What the figures are taken from: a real service on a filled database, asked a few times."""

import psycopg
import pytest

from benchmarks.service.big import grow
from benchmarks.service.figures import Pool
from benchmarks.service.first_token import first_token_time, streamed
from benchmarks.service.pages import page_time, visits
from benchmarks.service.reads import reads
from benchmarks.service.seeding import Size
from benchmarks.service.sending import route_time
from benchmarks.service.trial import metrics
from benchmarks.service.world import world
from benchmarks.service.writes import writes

pytestmark = pytest.mark.system
_HOTELS = 2
_HELD = """
SELECT (SELECT count(*) FROM knowledge_entries WHERE hotel_id = h.id),
       (SELECT count(*) FROM tickets WHERE hotel_id = h.id) FROM hotels h WHERE slug = %s
"""


def test_every_page_read_and_write_is_answered_to_each_hotel() -> None:
    with world(Size(_HOTELS, 20)) as place, place.service() as service:
        url = service.base_url
        pages = [page_time(url, route, loads) for route, loads in visits(place.owner_url, _HOTELS).items()]
        asked = {**reads(place.owner_url, _HOTELS), **writes(place.owner_url, _HOTELS)}
        alone = [route_time(url, route, each) for route, each in asked.items()]
        first = first_token_time(url, "usual", streamed(place.owner_url, _HOTELS))
        pool = Pool.read(metrics(url))
        big = grow(place.owner_url, _HOTELS)
        to_big = [route_time(url, route, each) for route, each in big.routes(_HOTELS).items()]
        streams = [big.question(number, streams=True) for number in range(_HOTELS)]
        first_of_big = first_token_time(url, "big", streams)
        with psycopg.connect(place.owner_url) as connection:
            held = connection.execute(_HELD, (f"hotel-{_HOTELS}",)).fetchone()
    assert (pool.size, pool.waiting) == (10, 0)
    assert {page.loads for page in pages} == {one.n for one in (*alone, *to_big)} == {_HOTELS}
    assert all(one.p95_ms is not None for one in (*alone, *to_big, first, first_of_big))
    assert first.n == first_of_big.n == _HOTELS
    assert all(page.bytes > page.assets for page in pages)
    assert held == (1_000, 500)
