"""What routes refuse, said once where it is refused, for the OpenAPI document (see description).

A dependency says it with `@refuses(Conflict)`; a route or a router, of what its own code raises:
    @router.post("/tickets/{ticket_id}/close", responses=refusals(Conflict, Gone))
What follows from a route's shape needs no word: body, parameters, caller.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from hotelctl.app.domain.failures import Failure

F = TypeVar("F", bound=Callable[..., Any])
Refused = tuple[type[Failure], ...]


def refusals(*failures: type[Failure]) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route that may raise these; a description turns them into problems."""
    return {failure.status: {"description": failure.code} for failure in failures}


def refuses(*failures: type[Failure]) -> Callable[[F], F]:
    """Marks a dependency as one that may raise these, for every route that depends on it."""

    def mark(dependency: F) -> F:
        vars(dependency)["refuses"] = failures
        return dependency

    return mark


def refused_by(dependency: object) -> Refused:
    """What a dependency is marked with; nothing when it is not marked."""
    found: Refused = getattr(dependency, "refuses", ())
    return found
