from benchmarks.service.pages import NO_PAGES, visits_of
from tests.app.page_routes import page_routes


def test_every_page_is_visited() -> None:
    pages = page_routes()
    assert "/admin" in pages
    assert set(visits_of(1, "e", "c", "t", "o", "p", "h")) | NO_PAGES == pages
