"""What one statement would do that hurts others: to which relations, and whether it takes or changes rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hotelctl.facts.hazard import HazardKind
from hotelctl.facts.hazard_unmet import targets
from hotelctl.facts.plpgsql_body import Words, body_words, unquoted

_SKIPPED = frozenset({"if", "exists", "not", "only", "concurrently", "table", "index", "view", "schema"})
_ON = frozenset({"index", "trigger", "policy", "rule"})
_MADE_UP = "%"
# Whatever else is made is new, so that nobody waits for it; rights, roles and settings are no schema.
_ALTERED = frozenset(
    {"table", "index", "view", "materialized", "foreign", "type", "domain", "function", "schema"}
)
_DROPPED = _ALTERED | {"procedure", "routine", "sequence", "trigger", "policy", "rule", "extension"}
_OF_MANY = frozenset({"create", "alter", "drop"})
_TAKING = {
    "delete": HazardKind.UNMET_DELETE,
    "merge": HazardKind.UNMET_DELETE,
    "update": HazardKind.UNMET_UPDATE,
}
_ALONE = frozenset({"truncate", "reindex", "refresh", "lock", "cluster"})


@dataclass(frozen=True, slots=True)
class SqlAct:
    """`kind` is how it would hurt. `target` is as it is written, empty where it is put together or none."""

    kind: HazardKind
    target: str
    words: Words


def sql_acts(words: Words) -> Iterator[SqlAct]:
    """Those of a statement; of one that EXECUTE is given, as far as its first text says."""
    small = [one.lower() for one in words]
    if small[:1] == ["execute"]:
        yield from _executed(words)
        return
    for kind, written in targets(words):
        yield SqlAct(kind, written, words)
    if _is_ddl(small):
        for target in _ddl_targets(words, small):
            yield SqlAct(HazardKind.UNTAKEN, target, words)


def executed_text(words: Words) -> Words:
    """What EXECUTE is given as its text: not where the answer goes, nor the values."""
    small = [one.lower() for one in words]
    ends = [small.index(one) for one in ("using", "into") if one in small]
    return words[1 : min(ends, default=len(words))]


def _executed(words: Words) -> Iterator[SqlAct]:
    """The text as it begins; what is put in its place is unknown, unless nothing is."""
    text = executed_text(words)
    first = (
        text[2] if [one.lower() for one in text[:2]] == ["format", "("] and text[2:] else "".join(text[:1])
    )
    inner = body_words(unquoted(first)) if first.endswith(("'", "$")) else ()
    if not _begins(inner):
        yield SqlAct(HazardKind.UNTAKEN, "", words)
        return
    found = list(sql_acts(inner))
    for act in found:
        ends_open = len(text) > 1 and "".join(inner).endswith(act.target)
        known = act.target if _MADE_UP not in act.target and not ends_open else ""
        yield SqlAct(act.kind, known, words)
    if not found and inner[0].lower() in _TAKING:
        yield SqlAct(_TAKING[inner[0].lower()], "", words)


def _begins(inner: Words) -> bool:
    """Whether it says itself what it is going to do."""
    verb, what = (*inner[:2], "", "")[:2]
    return verb.isalpha() and (verb.lower() not in _OF_MANY or what.isalpha())


def _is_ddl(small: Sequence[str]) -> bool:
    verb, what = (*small[:2], "", "")[:2]
    if verb == "create":
        return any(one in small[1:6] for one in _ON) or "references" in small or "partition" in small
    return verb in _ALONE or what in {"alter": _ALTERED, "drop": _DROPPED}.get(verb, ())


def _ddl_targets(words: Words, small: Sequence[str]) -> Iterator[str]:
    """The relations whose locks it needs; one that is empty where they are not known."""
    if small[0] == "create" or small[1] in {"trigger", "policy", "rule"}:
        word = next((one for one in ("references", "on", "to", "of") if one in small[2:]), "")
        yield _name(words, small.index(word, 2) + 1) if word else ""
        return
    place = 2 if small[0] in {"alter", "drop"} else 1
    while small[place : place + 1] and small[place] in {*_SKIPPED, "materialized", "view"}:
        place += 1
    yield (first := _name(words, place))
    place += len(body_words(first))
    while small[0] in {"drop", "truncate"} and small[place : place + 1] == [","]:
        yield (more := _name(words, place + 1))
        place += 1 + len(body_words(more))


def _name(words: Words, place: int) -> str:
    while words[place : place + 1] and words[place].lower() in _SKIPPED:
        place += 1
    end = place + 1
    while words[end : end + 1] == (".",):
        end += 2
    return "".join(words[place:end])
