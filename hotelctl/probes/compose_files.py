"""What the compose files of the project say."""

import posixpath
from collections.abc import Iterable, Iterator, Sequence

from hotelctl.core.errors import Unavailable
from hotelctl.facts.compose import (
    LIMIT_BYTES,
    PATTERNS,
    ComposeFiles,
    ComposeText,
    is_compose,
    parse_compose,
)
from hotelctl.facts.compose_calls import PATTERNS as CALLERS
from hotelctl.facts.compose_calls import calls_in
from hotelctl.facts.compose_choice import ComposeCall
from hotelctl.facts.compose_order import compose_file
from hotelctl.facts.composition import compose_of
from hotelctl.probes.context import Context

# Files that include or extend files that do; nobody follows more.
_MOST_ROUNDS = 10


def compose_files(context: Context) -> ComposeFiles:
    """All that git tracks and all that those include, the nearest to the root first.

    One that cannot be read is a doubt. Which ones are run as one, COMPOSE_FILE in the env file beside says,
    and every command that git tracks.
    """
    texts: dict[str, ComposeText] = {}
    doubts: dict[str, str] = {}
    names = list(filter(is_compose, context.repository.tracked(PATTERNS)))
    calls = (*_settled(context, names), *_called(context, names))
    names = list(dict.fromkeys((*names, *(one for call in calls for one in call.files))))
    for _ in range(_MOST_ROUNDS):
        _read(context, names, texts, doubts)
        others = dict.fromkeys(one for text in texts.values() for one in text.others)
        names = [one for one in others if one not in texts and one not in doubts]
    doubts |= {one: f"{one}: lies too many files deep" for one in names}
    return compose_of(texts, doubts, calls)


def _settled(context: Context, names: Sequence[str]) -> tuple[ComposeCall, ...]:
    """Of each directory with such a file those that its `.env` names, if they lie in the project."""
    places = [posixpath.join(one, ".env") for one in dict.fromkeys(map(posixpath.dirname, names))]
    said = context.files.contents(context.configuration.project, places, LIMIT_BYTES) if places else {}
    found = (compose_file(path, what) for path, what in said.items() if isinstance(what, bytes))
    return tuple(filter(None, found))


def _called(context: Context, names: Sequence[str]) -> Iterator[ComposeCall]:
    """What scripts, workflows and the front page compose; nobody is asked where there is no such file."""
    if not names:
        return
    known = frozenset(context.repository.tracked(("*",)))
    callers = context.repository.tracked(CALLERS)
    said = context.files.contents(context.configuration.project, callers, LIMIT_BYTES)
    yield from calls_in(said, known)


def _read(
    context: Context, names: Iterable[str], texts: dict[str, ComposeText], doubts: dict[str, str]
) -> None:
    wanted = sorted(names)
    said = context.files.contents(context.configuration.project, wanted, LIMIT_BYTES) if wanted else {}
    for name in wanted:
        what = said[name]
        if isinstance(what, str):
            doubts[name] = f"{name}: {what}"
            continue
        try:
            texts[name] = parse_compose(name, what)
        except Unavailable as trouble:
            doubts[name] = trouble.reason
