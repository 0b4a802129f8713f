import pytest

from hotelctl.app.api.problem_shape import problem_ref
from hotelctl.app.api.refusals import refusals, refused_by, refuses
from hotelctl.app.domain.failures import Conflict, Failure, Gone


def test_a_route_says_what_it_refuses_by_status() -> None:
    assert set(refusals(Conflict, Gone)) == {409, 410}


def test_a_dependency_says_it_once_for_all_its_routes() -> None:
    @refuses(Conflict)
    def dependency() -> None:
        """Depended on."""

    assert refused_by(dependency) == (Conflict,)
    assert refused_by(lambda: None) == ()


@pytest.mark.parametrize("failure", Failure.__subclasses__(), ids=lambda failure: failure.code)
def test_every_failure_has_a_response(failure: type[Failure]) -> None:
    assert problem_ref(failure.status)["$ref"].endswith(f"Problem{failure.status}")


def test_a_status_that_nothing_has_is_no_response() -> None:
    with pytest.raises(KeyError, match="418"):
        problem_ref(418)
