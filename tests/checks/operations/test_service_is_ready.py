from hotelctl.checks.operations.service_is_ready import service_is_ready
from tests.checks import made


def test_ready_with_and_without_a_database_answer_is_fine() -> None:
    assert not made.judged(service_is_ready, made.service())
    assert not made.judged(service_is_ready, made.service(database=made.asked("/db")))


def test_not_ready_or_no_database_is_a_finding() -> None:
    (finding,) = made.judged(service_is_ready, made.service(ready=made.asked("/ready", 503)))
    assert "readiness" in finding.message
    (finding,) = made.judged(service_is_ready, made.service(database=made.asked("/db", None)))
    assert "database" in finding.message


def test_its_own_log_is_the_place_to_look() -> None:
    service = made.service(ready=made.asked("/ready", 503), log=".hotelctl/local/releases/r1/log/service.log")
    (finding,) = made.judged(service_is_ready, service)
    assert finding.fix == "tail -n 50 .hotelctl/local/releases/r1/log/service.log"
