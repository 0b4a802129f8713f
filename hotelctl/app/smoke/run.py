"""One run of probes: each in its own time, none hiding another, and what they said."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy.exc import SQLAlchemyError

from hotelctl.app.domain.permissions import Role
from hotelctl.app.smoke.ground import Ground, Person
from hotelctl.app.smoke.talk import Answer, Broken, Talk


@dataclass(slots=True)
class Run:
    """What a probe is given: an instance to talk to, the ground, and a place for its measurements."""

    talk: Talk
    ground: Ground
    measured: list[dict[str, Any]] = field(default_factory=list)
    tokens: dict[Role, str] = field(default_factory=dict)
    cookies: dict[Role, str] = field(default_factory=dict)
    followed: set[tuple[str, str]] = field(default_factory=set)
    """Whose cookie asked for which kind of link already."""
    order: UUID | None = None
    """What a guest of this run asked for, as a work order."""
    ops_token: str | None = field(default=None, repr=False)
    """Opens what only operators see, where the release has one."""

    def person(self, role: Role) -> Person:
        """The user of this run who has that role."""
        return self.ground.people[role]

    async def token(self, role: Role) -> str:
        """The access token of that role's user, who logs in once a run."""
        if role not in self.tokens:
            person = self.person(role)
            found = await self.log_in(person.email, person.password)
            self.tokens[role] = str(found.must(200).value("access_token"))
        return self.tokens[role]

    async def cookie(self, role: Role) -> str:
        """The cookie of that role's user, who logs in to the pages once a run."""
        if role not in self.cookies:
            person = self.person(role)
            form = {"email": person.email, "password": person.password}
            self.cookies[role] = (await self.talk.ask("POST /login", form=form)).must(303).cookie()
        return self.cookies[role]

    async def log_in(self, email: str, password: str) -> Answer:
        """The answer to a log-in."""
        return await self.talk.ask("POST /api/auth/login", json_body={"email": email, "password": password})

    async def refresh(self, token: str) -> Answer:
        """The answer to a refresh token; it does not count against this machine."""
        answer = await self.talk.ask("POST /api/auth/refresh", json_body={"refresh_token": token})
        self.ground.forgive("refresh")
        return answer

    def measure(self, name: str, value: float, unit: str, *, limit: float | None = None, n: int = 1) -> None:
        """Keeps a number for the report. Raises Broken when it is above its limit."""
        self.measured.append({"name": name, "value": round(value, 3), "unit": unit, "limit": limit, "n": n})
        if limit is not None and value > limit:
            raise Broken(f"{name} is {value:.1f} {unit}, must be at most {limit:g}")


@dataclass(frozen=True, slots=True)
class Probe:
    """What must hold, and how long finding out may take."""

    name: str
    budget_s: float
    ask: Callable[[Run], Awaitable[None]]


async def run_probes(probes: Iterable[Probe], run: Run) -> list[dict[str, Any]]:
    """A result for every probe, as hotelctl reads them."""
    return [await _result(probe, run) for probe in probes]


def skipped(name: str, why: str) -> dict[str, Any]:
    """The result of what there was nothing to ask about, which is not green."""
    return {"name": name, "status": "SKIP", "why": why, "seconds": 0, "requests": 0}


async def _result(probe: Probe, run: Run) -> dict[str, Any]:
    run.measured, before, began_s = [], run.talk.requests, time.perf_counter()
    status, why = await _judged(probe, run)
    return {
        "name": probe.name,
        "status": status,
        "why": why,
        "seconds": round(time.perf_counter() - began_s, 3),
        "budget_s": probe.budget_s,
        "requests": run.talk.requests - before,
        "measured": run.measured,
    }


async def _judged(probe: Probe, run: Run) -> tuple[str, str]:
    try:
        async with asyncio.timeout(probe.budget_s):
            await probe.ask(run)
    except Broken as broken:
        return "FAIL", str(broken)
    except TimeoutError:
        return "FAIL", f"was not over within its budget of {probe.budget_s:g} s"
    except httpx.HTTPError as error:
        return "ERROR", f"the instance gave no answer: {type(error).__name__} {error}".rstrip()
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        return "ERROR", f"the database refused: {' '.join(str(cause).split())}"
    return "PASS", ""
