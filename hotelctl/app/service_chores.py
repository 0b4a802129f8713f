"""The chore that asks outside services; it needs no database."""

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from hotelctl.app.chore import Answer, ChoreError, FailedAnswer
from hotelctl.app.external_settings import ExternalSettings
from hotelctl.app.services.external.contact import Standing, State
from hotelctl.app.services.external.directory import Directory
from hotelctl.app.settings import load


def services_check(arguments: argparse.Namespace) -> Answer:
    """The state of every outside service, or those named, each asked by a real call that changes nothing."""
    directory = Directory(load(ExternalSettings))
    known = [one.name for one in directory.contacts]
    wanted = arguments.only.split(",") if arguments.only else known
    if unknown := [name for name in wanted if name not in known]:
        raise ChoreError(f"no outside service is called {unknown[0]}; there are {', '.join(known)}")
    found = asyncio.run(_asked(directory, wanted, arguments.tries))
    answer: Answer = {
        name: {
            **asdict(tries[-1]),
            "latencies_ms": [one.latency_ms for one in tries if one.latency_ms is not None],
        }
        for name, tries in found.items()
    }
    if any(tries[-1].state is State.FAILED for tries in found.values()):
        raise FailedAnswer(answer)
    return answer


async def _asked(directory: Directory, wanted: Sequence[str], tries: int) -> dict[str, list[Standing]]:
    """What was found of each service, so often; one that does not answer is asked no further."""
    found: dict[str, list[Standing]] = {name: [] for name in wanted}
    for _ in range(tries):
        answering = [name for name in wanted if all(one.state is State.OK for one in found[name])]
        standings = await directory.check(answering)
        for name in answering:
            found[name].append(standings[name])
    return found


def register(chores: Any) -> None:  # noqa: ANN401 - argparse keeps the type of its own to itself
    """The chore has its words on the command line."""
    actions = chores.add_parser("services", help="outside services: asked").add_subparsers(
        required=True, metavar="action"
    )
    check = actions.add_parser("check", help=services_check.__doc__)
    check.add_argument("--only", metavar="NAME[,...]", help="only these services")
    check.add_argument("--tries", metavar="N", type=int, choices=range(1, 11), default=1)
    check.set_defaults(chore=services_check)
