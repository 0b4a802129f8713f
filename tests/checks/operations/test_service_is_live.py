import pytest

from hotelctl.checks.operations.service_is_live import service_is_live
from tests.checks import made


def test_ok_is_fine() -> None:
    assert not made.judged(service_is_live, made.service())


@pytest.mark.parametrize(
    ("status", "words"), [(503, "answers 503"), (None, "connection refused"), (302, "answers 302")]
)
def test_anything_else_is_a_finding(status: int | None, words: str) -> None:
    (finding,) = made.judged(service_is_live, made.service(live=made.asked("/health", status)))
    assert words in finding.message


def test_its_own_log_is_the_place_to_look() -> None:
    service = made.service(live=made.asked("/health", 503), log=".hotelctl/local/releases/r1/log/service.log")
    (finding,) = made.judged(service_is_live, service)
    assert finding.fix == "tail -n 50 .hotelctl/local/releases/r1/log/service.log"
