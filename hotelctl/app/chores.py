"""`python -m hotelctl.app.chores`: what is done from outside the running service, each safe to repeat.

Each chore prints one JSON object. All but `keyring` and `services` need the owner's DATABASE_URL.
"""

import argparse
import importlib
import json
import sys
from collections.abc import Callable, Sequence

from hotelctl.app.chore import EXIT_FAILED, Answer, ChoreError, FailedAnswer
from hotelctl.app.domain.failures import StartFailure
from hotelctl.app.loading import loading

Chore = Callable[[argparse.Namespace], Answer]
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


def _done(chore: Chore, arguments: argparse.Namespace, *, is_alone: bool) -> Answer:
    if is_alone:
        return chore(arguments)
    from hotelctl.app.owner_refusal import understood  # noqa: PLC0415 - it reads SQLAlchemy

    return understood(lambda: chore(arguments))


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code: 0 done, 1 refused or not in order, 75 no database, 78 unusable configuration."""
    given = sys.argv[1:] if argv is None else argv
    name = given[0] if given else ""
    with loading():
        parser = _parser(name)
    arguments = parser.parse_args(given)
    try:
        answer = _done(arguments.chore, arguments, is_alone=name in _ALONE)
    except FailedAnswer as failed:
        _print(failed.answer)
        return EXIT_FAILED
    except StartFailure as failure:
        return _failed(failure.exit_code, failure.message)
    except ChoreError as error:
        return _failed(EXIT_FAILED, str(error))
    _print(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
