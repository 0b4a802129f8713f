"""What the figures are taken from: a real service on a filled database, asked a few times."""

import pytest

from benchmarks.service.figures import Pool
from benchmarks.service.pages import page_time, visits
from benchmarks.service.reads import read_time, reads
from benchmarks.service.seeding import Size
from benchmarks.service.trial import metrics
from benchmarks.service.world import world

pytestmark = pytest.mark.system
_HOTELS = 2


def test_every_page_and_read_is_answered_to_each_hotel() -> None:
    with world(Size(_HOTELS, 20)) as place, place.service() as service:
        pages = [
            page_time(service.base_url, route, loads)
            for route, loads in visits(place.owner_url, _HOTELS).items()
        ]
        read = [
            read_time(service.base_url, route, each)
            for route, each in reads(place.owner_url, _HOTELS).items()
        ]
        pool = Pool.read(metrics(service.base_url))
    assert (pool.size, pool.waiting) == (10, 0)
    assert {page.loads for page in pages} == {one.n for one in read} == {_HOTELS}
    assert all(one.p95_ms is not None for one in read)
    assert all(page.bytes > page.assets for page in pages)
