import pytest

from hotelctl.checks.operations.running_commit_is_the_released_one import running_commit_is_the_released_one
from tests.checks import made


def test_the_released_commit_is_fine() -> None:
    assert not made.judged(running_commit_is_the_released_one, made.service())


@pytest.mark.parametrize("body", ['{"git_sha": "ffffffffffffffff"}', '{"git_sha": null}', "{}", "hello"])
def test_another_commit_or_none_is_a_finding(body: str) -> None:
    service = made.service(version=made.asked("/version", body=body), waited_s=5.0)
    (finding,) = made.judged(running_commit_is_the_released_one, service)
    assert "cccccccccccc was released" in finding.message
