"""The body of a PL/pgSQL block as its single statements, each with what decides whether it runs."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from hotelctl.facts.sql_split import sql_parts

_SPACE = frozenset({"line", "block", "space"})
_LEAVING = frozenset({"exit", "continue", "return"})
_FINDING = frozenset({"select", "perform", "insert", "update", "delete", "merge", "with", "fetch", "move"})
_NEARBY = 6
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
Words = tuple[str, ...]


class UnreadableBody(Exception):
    """It is not put together as PL/pgSQL is, or not as it is read here."""


@dataclass(frozen=True, slots=True, eq=False)
class Guard:
    """What decides: a condition, the rows of a loop, or the errors that a `handler` waits for."""

    words: Words
    handler: bool = False


@dataclass(frozen=True, slots=True)
class BodyStatement:
    """One statement without its semicolon, and all that decides whether it runs."""

    words: Words
    guards: list[Guard]


@dataclass(frozen=True, slots=True)
class Assigned:
    """A variable that gets what `words` say; `guards` decide whether it does."""

    name: str
    words: Words
    guards: list[Guard]


@dataclass(frozen=True, slots=True)
class Body:
    """`names` are its variables in small letters; `found` is the one that PL/pgSQL sets itself."""

    statements: list[BodyStatement] = field(default_factory=list)
    assigned: list[Assigned] = field(default_factory=list)
    names: set[str] = field(default_factory=lambda: {"found"})


def body_words(text: str) -> Words:
    """Words, quotes and signs as they stand; a text between dollars is one of them, comments are none."""
    return tuple(
        word
        for kind, part, _place in sql_parts(text)
        if kind not in _SPACE
        for word in (part if kind == "brackets" else (part,))
    )


def unquoted(word: str) -> str:
    """What a text says that stands between quotes or dollars."""
    if word.startswith("$"):
        edge = word.index("$", 1) + 1
        return word[edge:-edge]
    text = word[word.index("'") + 1 : -1].replace("''", "'")
    return _ESCAPED.sub(_meant, text) if word[0] in "eE" else text


def _meant(escaped: re.Match[str]) -> str:
    return " " if escaped[1] in "nrtbf" else escaped[1]


def plpgsql_body(text: str, language: str = "plpgsql") -> Body:
    """Its statements. Raises `UnreadableBody`, also where it is in another language."""
    if language != "plpgsql":
        raise UnreadableBody
    return _Reader(body_words(text)).read()


@dataclass(slots=True)
class _Frame:
    """What is open: `kind` is block, if, case or loop; `guards` are those of its branch."""

    kind: str
    began: tuple[int, int]
    guards: list[Guard] = field(default_factory=list)
    subject: Words = ()
    caught: list[str] = field(default_factory=list)
    tried: tuple[int, int] | None = None
    behind: list[Guard] = field(default_factory=list)


class _Reader:
    """Goes through the words once."""

    def __init__(self, words: Words) -> None:
        """At the first."""
        self._words = words
        self._small = [one.lower() for one in words]
        self._at = 0
        self._frames: list[_Frame] = []
        self._left: list[Guard] = []
        self._body = Body()

    def read(self) -> Body:
        """All of it."""
        while self._at < len(self._words):
            self._statement()
        if self._frames:
            raise UnreadableBody
        return self._body

    def _statement(self) -> None:
        opening = {
            "if": self._if,
            "elsif": self._elsif,
            "elseif": self._elsif,
            "else": self._else,
            "case": self._case,
            "when": self._when,
            "for": self._for,
            "foreach": self._for,
            "while": self._while,
            "loop": self._loop,
            "begin": self._begin,
            "declare": self._declare,
            "exception": self._exception,
            "end": self._end,
        }
        word = self._small[self._at]
        if word in {"<<", ";"}:
            self._until(">>" if word == "<<" else ";")
        elif word == "#":
            # What `#variable_conflict` says is for the server.
            self._at += 3
        elif word in opening:
            self._at += 1
            opening[word]()
        else:
            self._plain(self._until(";"))

    def _until(self, stop: str) -> Words:
        """The words up to `stop`, which is passed over; one that ends no expression in brackets or CASE."""
        start, depth = self._at, 0
        while self._at < len(self._words):
            word = self._small[self._at]
            if word == stop and (not depth or stop == ";"):
                self._at += 1
                return self._words[start : self._at - 1]
            if word == ";":
                break
            depth += {"(": 1, "case": 1, ")": -1, "end": -1}.get(word, 0)
            self._at += 1
        raise UnreadableBody

    def _open(self, kind: str, *guards: Guard) -> _Frame:
        frame = _Frame(kind, (len(self._body.statements), len(self._body.assigned)), list(guards))
        self._frames.append(frame)
        return frame

    def _top(self, *kinds: str) -> _Frame:
        if not self._frames or self._frames[-1].kind not in kinds:
            raise UnreadableBody
        return self._frames[-1]

    def _guards(self) -> list[Guard]:
        inside = [guard for frame in self._frames for guard in (*frame.guards, *frame.behind)]
        return [*inside, *self._left]

    def _if(self) -> None:
        self._open("if", Guard(self._until("then")))

    def _elsif(self) -> None:
        self._top("if").guards.append(Guard(self._until("then")))

    def _else(self) -> None:
        self._top("if", "case").guards.append(Guard(()))

    def _case(self) -> None:
        subject = self._until("when")
        self._at -= 1
        self._open("case").subject = subject

    def _when(self) -> None:
        frame = self._top("case", "block")
        said = self._until("then")
        if frame.kind == "case":
            frame.guards.append(Guard((*frame.subject, "=", *said) if frame.subject else said))
            return
        frame.caught += ["or", *said] if frame.caught else said
        frame.guards = [Guard(said, handler=True)]

    def _for(self) -> None:
        names, query = self._until("in"), self._until("loop")
        self._assign([one for one in names if one != ","], query)
        self._assign(["found"], query)
        self._open(
            "loop", Guard(query[1:] if query[:1] and query[0].lower() in {"array", "reverse"} else query)
        )

    def _while(self) -> None:
        self._open("loop", Guard(self._until("loop")))

    def _loop(self) -> None:
        self._open("loop")

    def _begin(self) -> None:
        self._open("block")

    def _declare(self) -> None:
        while self._small[self._at : self._at + 1] not in ([], ["begin"]):
            said = self._until(";")
            small = [one.lower() for one in said]
            name = _plain(said[0]) if said else ""
            self._body.names.add(name)
            starts = (
                n for n, one in enumerate(small) if one[:2] == ":=" or one in {"=", "default", "for", "is"}
            )
            if (start := next(starts, None)) is not None:
                self._assign([name], said[start + 1 :])

    def _exception(self) -> None:
        frame = self._top("block")
        frame.tried = (len(self._body.statements), len(self._body.assigned))

    def _end(self) -> None:
        if not self._frames:
            raise UnreadableBody
        frame = self._frames.pop()
        if frame.tried:
            guard = Guard(tuple(frame.caught), handler=True)
            for said in self._body.statements[frame.began[0] : frame.tried[0]]:
                said.guards.append(guard)
            for put in self._body.assigned[frame.began[1] : frame.tried[1]]:
                put.guards.append(guard)
        if self._frames or ";" in self._small[self._at :]:
            self._until(";")
        else:
            self._at = len(self._words)

    def _plain(self, said: Words) -> None:
        small = [one.lower() for one in said]
        if not said or small[0] == "null":
            return
        if small[0] in _LEAVING and small[1:2] not in (["next"], ["query"]):
            self._leave(small, said)
        if "loop" in small or ("then" in small and {"case", "merge"}.isdisjoint(small)):
            raise UnreadableBody
        self._body.statements.append(BodyStatement(said, self._guards()))
        for name in _assigned(small):
            self._assign([name], said)
        if small[0] in _FINDING:
            self._assign(["found"], said)

    def _leave(self, small: Sequence[str], said: Words) -> None:
        """What stands behind it runs only where this was not reached."""
        why = [Guard(one.words, handler=one.handler) for one in self._guards()]
        if small[0] == "return":
            self._left += why
            return
        if "when" in small:
            why.append(Guard(said[small.index("when") + 1 :]))
        loop = next((one for one in reversed(self._frames) if one.kind == "loop"), None)
        if loop is None:
            raise UnreadableBody
        loop.behind += why

    def _assign(self, names: Iterable[str], words: Words) -> None:
        for name in names:
            self._body.names.add(_plain(name))
            self._body.assigned.append(Assigned(_plain(name), words, self._guards()))


def _assigned(small: Sequence[str]) -> Iterator[str]:
    """The variables that a statement sets."""
    if any(one[:2] == ":=" for one in small[1:_NEARBY]) or small[1:2] == ["="]:
        yield small[0]
    if small[0] in {"open", "get"}:
        yield from (one for one in small[1:] if one.isidentifier())
    for place, word in enumerate(small[1:], 1):
        if word == "into" and small[place - 1] not in {"insert", "merge"}:
            yield from _listed(small[place + 1 :])


def _listed(small: Sequence[str]) -> Iterator[str]:
    for name, sign in zip(small, [*small[1:], ""], strict=True):
        if name not in {"strict", ",", "."}:
            yield name
            if sign not in {",", "."}:
                return


def _plain(name: str) -> str:
    return name[1:-1] if name.startswith('"') else name.lower()
