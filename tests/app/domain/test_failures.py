import pytest

from hotelctl.app.domain.failures import Failure, Locked, RateLimited, Unauthenticated, Unavailable


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        (Unauthenticated, 401, "unauthenticated"),
        (Locked, 423, "locked"),
        (RateLimited, 429, "rate_limited"),
        (Unavailable, 503, "dependency_unavailable"),
    ],
)
def test_each_failure_has_its_answer(kind: type[Failure], status: int, code: str) -> None:
    failure = kind(7)
    assert (failure.status, failure.code, failure.retry_after_s) == (status, code, 7)
