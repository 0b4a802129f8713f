"""Deploys of containers that are killed: a show of benchmarks/reliability.py, an hour or two."""

import os
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

from hotelctl.adapters.docker_engine import docker_engine
from hotelctl.adapters.load.run import Load
from tests.load.background import under_load
from tests.system.conftest import a_site
from tests.system.killing import Fatal, Inside, every_kill, strike
from tests.system.site import Site
from tests.system.test_kill_long_actions import PLACES, RATE, migrate, serve
from tests.system.wharf import cleared, driven, on_docker


def killed() -> Iterator[dict[str, Any]]:
    """At every journal record and in every place of a long action, then resumed; and again, then taken back.

    In an order of chance, so that a run that was broken off says something of all; what goes wrong ends it.
    """
    ends, sent, failed, wrong = Counter[str](), 0, 0, list[str]()
    with docker_engine(os.environ, 120) as client, a_site(words="") as site, cleared(client, site):
        driven(client)
        serve(on_docker(site))
        kills = _kills(site)
        for kill in kills:
            migrate(site)
            with under_load(Load(f"{site.url}/notes", rate=RATE, connections=8)) as load:
                try:
                    ends[strike(site, kill)] += 1
                except AssertionError as error:
                    wrong.append(f"{kill}: {error}"[:800])
            sent, failed = sent + load.summary["sent"], failed + load.summary["failed"]
            yield {
                "kills": len(kills),
                "ends": dict(ends),
                "wrong": wrong,
                "requests": sent,
                "failed": failed,
                "good": not wrong and not failed,
                "last": str(kill),
            }
            if wrong:
                return


def _kills(site: Site) -> list[Fatal]:
    """All of them; in long actions every second one is of the whole process group."""
    records = site.records()
    found: list[Fatal] = [*every_kill(records, "resume"), *every_kill(records, "abort")]
    for n, place in enumerate(PLACES):
        found += [Inside(f"{place}{'!' * (n % 2)}", "resume"), Inside(f"{place}{'!' * (1 - n % 2)}", "abort")]
    random.Random(7).shuffle(found)  # noqa: S311 - no secret
    return found


def told(found: dict[str, Any]) -> str:
    """It in a line or two."""
    done = sum(found["ends"].values())
    ends = ", ".join(f"{count} {name}" for name, count in sorted(found["ends"].items()))
    wrong = f" **Wrong: {found['wrong'][0].splitlines()[0]}.**" if found["wrong"] else ""
    asked = f"{found['failed']} of {found['requests']:,} requests failed, at {RATE} a second."
    broken = "" if done == found["kills"] else ", then the run was broken off"
    return f"{done} of {found['kills']} kills{broken}: {ends}.{wrong}\n{asked}"
