from benchmarks.service.reads import NO_READS, READS
from hotelctl.app.smoke.routes import readable


def test_every_read_of_the_api_is_measured() -> None:
    routes = {route.path for route in readable() if route.path.startswith("/api/")}
    assert set(READS) | NO_READS == routes
