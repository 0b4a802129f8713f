"""`python -m hotelctl.app.chores`: what is done from outside the running service, each safe to repeat.

Each chore prints one JSON object. All but `keyring` and `services` need the owner's DATABASE_URL.
"""

import argparse
import importlib
import json
import sys
from collections.abc import Callable, Sequence

from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError

from hotelctl.app.chore import Answer, ChoreError, FailedAnswer
from hotelctl.app.domain.failures import EXIT_DEPENDENCY, StartFailure
from hotelctl.app.services.rotation import RotationError

EXIT_FAILED = 1
# What a person is told of a rule of the database that can be broken from here.
_BROKEN = {
    "users_email_live": "somebody has this address already, here or in another hotel; take another, or let"
    " who stands above the person send a new link (/admin/users)",
    "users_email_lower": "the address holds a capital letter; write the small one",
    "hotels_slug_live": "a hotel has this slug already; take another one",
    "hotels_slug_form": "a slug is 2 to 63 of a-z, 0-9, _ and -, and does not begin with -",
}
_OTHERS = ("hotelctl.app.opening_chores", "hotelctl.app.closing_chores", "hotelctl.app.hotel_chores")
# A deploy waits for these: nothing is loaded for them that only others need.
_ALONE = {"keyring": "hotelctl.app.keyring_chores", "services": "hotelctl.app.service_chores"}


def _parser(chore: str) -> argparse.ArgumentParser:
    """Of all chores; of this one alone where nothing else need be loaded for it."""
    parser = argparse.ArgumentParser(prog="python -m hotelctl.app.chores", description=__doc__)
    chores = parser.add_subparsers(required=True, metavar="chore")
    for name in (_ALONE[chore],) if chore in _ALONE else (*_ALONE.values(), *_OTHERS):
        importlib.import_module(name).register(chores)
    return parser


def _print(answer: Answer) -> None:
    sys.stdout.write(json.dumps(answer, default=str) + "\n")


def _failed(exit_code: int, reason: str) -> int:
    sys.stderr.write(f"chore failed: {reason}\n")
    return exit_code


def _refusal(error: SQLAlchemyError) -> tuple[int, str]:
    if isinstance(error, IntegrityError):
        constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
        return EXIT_FAILED, _BROKEN.get(constraint or "", f"the database refused it: {constraint}")
    from hotelctl.app.migrating import one_line  # noqa: PLC0415 - whose chore had a database has it loaded

    return EXIT_DEPENDENCY if isinstance(error, OperationalError) else EXIT_FAILED, one_line(error)


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code: 0 done, 1 refused or not in order, 75 no database, 78 unusable configuration."""
    given = sys.argv[1:] if argv is None else argv
    arguments = _parser(given[0] if given else "").parse_args(given)
    chore: Callable[[argparse.Namespace], Answer] = arguments.chore
    try:
        answer = chore(arguments)
    except FailedAnswer as failed:
        _print(failed.answer)
        return EXIT_FAILED
    except StartFailure as failure:
        return _failed(failure.exit_code, failure.message)
    except (ChoreError, RotationError) as error:
        return _failed(EXIT_FAILED, str(error))
    except SQLAlchemyError as error:
        return _failed(*_refusal(error))
    _print(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
