"""What the database refused to a chore, in words for the person who asked for it."""

from collections.abc import Callable

from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError

from hotelctl.app.chore import EXIT_FAILED, Answer
from hotelctl.app.domain.failures import EXIT_DEPENDENCY, StartFailure
from hotelctl.app.migrating import one_line

# What a person is told of a rule of the database that can be broken from here.
_BROKEN = {
    "users_email_live": "somebody has this address already, here or in another hotel; take another, or let"
    " who stands above the person send a new link (/admin/users)",
    "users_email_lower": "the address holds a capital letter; write the small one",
    "hotels_slug_live": "a hotel has this slug already; take another one",
    "hotels_slug_form": "a slug is 2 to 63 of a-z, 0-9, _ and -, and does not begin with -",
}


def understood(chore: Callable[[], Answer]) -> Answer:
    """The chore's answer. Raises StartFailure where the database refused: exit 1, 75 if it is away."""
    try:
        return chore()
    except IntegrityError as error:
        constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
        told = _BROKEN.get(constraint or "", f"the database refused it: {constraint}")
        raise StartFailure(EXIT_FAILED, "refused", told) from error
    except SQLAlchemyError as error:
        exit_code = EXIT_DEPENDENCY if isinstance(error, OperationalError) else EXIT_FAILED
        raise StartFailure(exit_code, "refused", one_line(error)) from error
