"""Questions of somebody who is logged in, or tries to be: for a throw-away instance only.

They fail log-ins on purpose, use limits up and exchange keys.
"""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hotelctl.config.service import Limit, LogIn, Security
from hotelctl.core.errors import Unavailable
from hotelctl.facts.live_answers import Crossing
from hotelctl.facts.running_service import Asked
from hotelctl.facts.sandbox_answers import Attempts, Flood
from hotelctl.facts.set_cookie import set_cookies
from hotelctl.probes.interview import Interview, filled

_TOO_MANY = 429
_NAMES = ("name", "password", "other_name", "other_password")
Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Insider:
    """Talks to one instance as the two people whom the seed made; `values` is what it printed."""

    talk: Interview
    security: Security
    values: Values

    def attempts(self) -> Iterator[Attempts]:
        """Every declared way in, with the right password, a wrong one, and a name that nobody has."""
        for way in self.security.log_in:
            right = self.talk.send(way, self.values, "the right password")
            known, unknown = self._wrong(self.values["name"]), self._wrong(nobody_like(self.values["name"]))
            yield Attempts(
                right=right,
                wrong=self.talk.send(way, known, "a wrong password"),
                unknown=self.talk.send(way, unknown, "an unknown name"),
                accepted=way.accepted,
                refused=way.refused,
                names=(known["name"], unknown["name"]),
                volatile=self.security.volatile,
            )

    def _wrong(self, name: str) -> Values:
        return {**self.values, "name": name, "password": secrets.token_urlsafe(12)}

    def pass_of(self, *, other: bool = False) -> Mapping[str, str]:
        """The headers that let the person in, by the first way. Raises `Unavailable` when none do."""
        if not self.security.log_in:
            raise Unavailable("the service file declares no [[security.log_in]]")
        way, values = self.security.log_in[0], self.values
        if other:
            values = {**values, "name": values["other_name"], "password": values["other_password"]}
        return _pass(way, self.talk.send(way, values, "the right password"))

    def crossings(self) -> Iterator[Crossing]:
        """What the other tenant has, asked for by its owner and by somebody else."""
        if not self.security.other_tenant:
            return
        own, other = self.pass_of(), self.pass_of(other=True)
        for request in self.security.other_tenant:
            asked = filled(request, self.values)
            yield Crossing(
                owner=self.talk.ask(asked, "its owner's log-in", other),
                stranger=self.talk.ask(asked, "another tenant's log-in", own),
            )

    def floods(self) -> Iterator[Flood]:
        """Every declared limit, used up: the last thing that can be asked, as nobody comes in afterwards."""
        for limit in self.security.limit:
            yield self._flood(limit)

    def _flood(self, limit: Limit) -> Flood:
        # A window may begin anew in the middle: after twice as many there is no way around the limit.
        most, count = 2 * limit.allowed + 1, 1
        last = self._as_nobody(limit)
        while last.reply.status != _TOO_MANY and count < most:
            last, count = self._as_nobody(limit), count + 1
        return Flood(limit.allowed, count, last)

    def _as_nobody(self, limit: Limit) -> Asked:
        return self.talk.send(limit, self._wrong(nobody_like(self.values.get("name", ""))))


def require_people(values: Values) -> None:
    """Return when the seed named two people. Raises `Unavailable`."""
    missing = [name for name in _NAMES if not values.get(name)]
    if missing:
        raise Unavailable(f"the seed of the sandbox printed no {', '.join(missing)}")


def nobody_like(name: str) -> str:
    """A name of the same form that nobody has."""
    nobody, at, domain = f"nobody-{secrets.token_hex(4)}", *name.partition("@")[1:]
    return f"{nobody}{at}{domain}"


def _pass(way: LogIn, answer: Asked) -> Mapping[str, str]:
    if answer.reply.status != way.accepted:
        raise Unavailable(f"{answer.request}: answered {answer.reply.status}, declared is {way.accepted}")
    if way.token is not None:
        token = answer.reply.at(way.token)
        if not isinstance(token, str):
            raise Unavailable(f"{answer.request}: the answer lacks {way.token}")
        return {"Authorization": f"Bearer {token}"}
    cookies = set_cookies(answer.reply)
    if not cookies:
        raise Unavailable(f"{answer.request}: the answer sets no cookie, and no token is declared")
    return {"Cookie": "; ".join(f"{one.name}={one.value}" for one in cookies), **way.headers}
