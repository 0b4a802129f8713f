"""P8: what belongs to another hotel does not exist for people of this one, whatever is asked for."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote
from uuid import UUID

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.permissions import Role
from hotelctl.app.smoke.foreign import Foreign, read_foreign
from hotelctl.app.smoke.guest import looks
from hotelctl.app.smoke.routes import Asked, readable
from hotelctl.app.smoke.run import Run
from hotelctl.app.smoke.talk import Answer, Broken

_SEGMENT = re.compile(r"/([^/{]+)/\{([^}:]+)\}")
_NONCE = re.compile(r'nonce="[^"]*"')
_OK, _REFUSALS, _FAULT = 200, (403, 404), 500
# Everybody may read what a hotel says of itself at its entrance.
_OPEN_TO_ALL = {"/h/{entry_code}"}
_PEOPLE = "users"
_AT_ONCE = 4


async def isolation(run: Run) -> None:
    """Every GET route as the one who may see most, with other hotels' ids and codes and without."""
    with run.ground.owner.connect() as connection:
        foreign = read_foreign(connection, run.ground.hotel_id)
    await _come_in(run)
    asked = sorted(readable(), key=lambda one: one.path)
    found = await _each(asked, lambda route: _judged(run, route, foreign))
    run.measure("objects of other hotels asked for", sum(one.objects for one in found), "requests")
    run.measure("answers searched for other hotels", sum(one.searched for one in found), "requests")


@dataclass(frozen=True, slots=True)
class _Seen:
    """How much was asked of one route."""

    objects: int = 0
    searched: int = 0


async def _come_in(run: Run) -> None:
    """Whoever asks is in before several ask at once: each comes in once a run."""
    await run.token(Role.OWNER)
    await run.cookie(Role.OWNER)
    await looks(run)


async def _each(routes: Sequence[Asked], judge: Callable[[Asked], Awaitable[_Seen]]) -> list[_Seen]:
    """What was seen of each, a few at once: an instance answers one while the next is asked.

    Raises Broken for the first of them, in their order, that does not hold.
    """
    at_once = asyncio.Semaphore(_AT_ONCE)

    async def judged(route: Asked) -> _Seen:
        async with at_once:
            return await judge(route)

    found = await asyncio.gather(*map(judged, routes), return_exceptions=True)
    for one in found:
        if isinstance(one, BaseException):
            raise one
    return [one for one in found if isinstance(one, _Seen)]


async def _judged(run: Run, route: Asked, foreign: Foreign) -> _Seen:
    if route.is_by_id:
        return _Seen(objects=await _hides_objects(run, route, foreign))
    if route.parameters:
        await _knows_no_codes(run, route, foreign)
        return _Seen()
    return _Seen(searched=await _shows_its_own(run, route, foreign))


async def _hides_objects(run: Run, route: Asked, foreign: Foreign) -> int:
    """How many objects of others were asked for; each is unknown, as one that nobody has. Raises Broken."""
    near = [found for table in _tables(route, foreign.ids) for found in foreign.ids[table]]
    for found in (*near, uuid7()):
        answer = await _ask(run, route.filled(str(found)))
        if answer.status not in _REFUSALS:
            raise Broken(
                f"GET {route.path}: answered {answer.status} for another hotel's object, must be 404"
            )
        _search(route, answer, foreign, str(found))
    return len(near)


def _tables(route: Asked, tables: Collection[str]) -> Iterator[str]:
    """Those that the path may be about: all, where nothing tells."""
    named = _SEGMENT.search(route.path)
    stems = {named[1].replace("-", "_").rstrip("s"), named[2].removesuffix("_id")} if named else set()
    near = [table for table in tables if any(stem in table for stem in stems)]
    yield from near or tables


async def _knows_no_codes(run: Run, route: Asked, foreign: Foreign) -> None:
    """What is kept of codes opens nothing: the answer is that for a code that nobody has. Raises Broken."""
    nobodys = uuid7().hex
    unknown = _Unknown(await _try(run, route, nobodys), nobodys)
    for word in foreign.words:
        answer = await _try(run, route, word)
        _search(route, answer, foreign, word)
        if route.path not in _OPEN_TO_ALL and not unknown.is_like(answer, word):
            raise Broken(
                f"GET {route.path}: answers otherwise for another hotel's code than for one that nobody has"
            )


async def _try(run: Run, route: Asked, code: str) -> Answer:
    """The answer to whoever comes with the code, which does not count against this machine."""
    answer = await _ask(run, route.filled(quote(code, safe="")))
    for bucket in route.counted_in:
        run.ground.forgive(bucket)
    return answer


@dataclass(frozen=True, slots=True)
class _Unknown:
    """The answer for a code that nobody has."""

    answer: Answer
    code: str

    def is_like(self, answer: Answer, asked: str) -> bool:
        """Whether the answer for `asked` is the same but for the code, where it stands, however written."""
        if answer.status != self.answer.status or answer.status != _OK:
            return answer.status == self.answer.status
        forms = "|".join(re.escape(form) for form in (quote(asked, safe=""), escape(asked), asked))
        pieces = _NONCE.sub("", self.answer.text).split(self.code)
        whole = f"(?:{forms})".join(re.escape(piece) for piece in pieces)
        return re.fullmatch(whole, _NONCE.sub("", answer.text)) is not None


async def _shows_its_own(run: Run, route: Asked, foreign: Foreign) -> int:
    """How many answers were given and searched; narrowed to another hotel's they hold nothing, too."""
    questions = {route.path: ""}
    for name in route.narrowed_by:
        value = foreign.room if "room" in name else next(iter(_ids_for(name, foreign)), None)
        if value is not None:
            questions[f"{route.path}?{name}={quote(str(value), safe='')}"] = str(value)
    given = 0
    for question, value in questions.items():
        answer = await _ask(run, question)
        _search(route, answer, foreign, value)
        given += answer.status == _OK
    return given


def _ids_for(name: str, foreign: Foreign) -> Iterator[UUID]:
    stem = name.removesuffix("_id")
    near = [table for table in foreign.ids if stem in table] or [_PEOPLE]
    for table in near:
        yield from foreign.ids.get(table, ())


def _search(route: Asked, answer: Answer, foreign: Foreign, asked: str) -> None:
    """Raises Broken for an answer that holds more of another hotel than what was asked with."""
    if answer.status == _FAULT:
        raise Broken(f"{answer.request}: answered 500, which says nothing of whose it is")
    for mark, what in foreign.marks.items():
        if mark != asked and mark in answer.text:
            raise Broken(f"GET {route.path}: the answer ({answer.status}) shows {what} of another hotel")


async def _ask(run: Run, path: str) -> Answer:
    """As a program asks the API, a guest the guests' pages, and an owner all others."""
    if path.startswith("/api/"):
        return await run.talk.ask(f"GET {path}", bearer=await run.token(Role.OWNER))
    cookie = await looks(run) if path.startswith("/guest") else await run.cookie(Role.OWNER)
    return await run.talk.ask(f"GET {path}", cookie=cookie)
