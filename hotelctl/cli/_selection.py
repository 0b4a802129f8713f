"""Which rules were asked for, by rule id or by section."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from hotelctl.core.check import SECTIONS, Named
from hotelctl.core.errors import UsageError

Asked = TypeVar("Asked", bound=Named)


@dataclass(frozen=True, slots=True)
class Selection(Generic[Asked]):
    """The checks to run, those named by `--skip`, and those that `--only` leaves out."""

    chosen: tuple[Asked, ...]
    skipped: tuple[Asked, ...] = ()
    left_out: tuple[Named, ...] = ()


def rules_asked_for(rules: Sequence[Asked], rule: str | None, *, every: bool) -> tuple[Asked, ...]:
    """All rules, or the one called `rule` in any spelling of its id.

    Raises:
        UsageError: neither or both were asked for, or no rule has that id.

    """
    if every == (rule is not None):
        raise UsageError(
            "name one rule, or ask for --list", "hotelctl explain ENV001; hotelctl explain --list"
        )
    if rule is None:
        return tuple(rules)
    wanted = rule.upper().replace("-", "")
    found = tuple(info for info in rules if info.id == wanted)
    if not found:
        raise _unknown("rule", rule, [info.id for info in rules])
    return found


def select(checks: Sequence[Asked], only: Iterable[str], skip: Iterable[str]) -> Selection[Asked]:
    """`checks` split by the names of sections and rules, which may be separated by commas.

    Raises:
        UsageError: a name is neither a section nor a rule, or nothing is left to run.

    """
    wanted = names(checks, only, "--only")
    refused = names(checks, skip, "--skip")
    inside = [check for check in checks if not wanted or _is_named(check, wanted)]
    chosen = tuple(check for check in inside if not _is_named(check, refused))
    if not chosen:
        raise UsageError("--only and --skip leave no check to run", "hotelctl explain --list names them all")
    return Selection(
        chosen,
        tuple(check for check in inside if _is_named(check, refused)),
        tuple(check for check in checks if check not in inside),
    )


def names(checks: Sequence[Named], given: Iterable[str], flag: str) -> frozenset[str]:
    """The section names and rule ids in `given`, checked and in one spelling."""
    rules = {check.id for check in checks}
    words = [word.strip() for text in given for word in text.split(",") if word.strip()]
    found = {word: _spelling(word, rules) for word in words}
    for word, known in found.items():
        if known is None:
            raise _unknown(f"section or rule in {flag}", word, [*SECTIONS, *sorted(rules)])
    return frozenset(known for known in found.values() if known)


def _spelling(word: str, rules: Iterable[str]) -> str | None:
    if word.lower() in SECTIONS:
        return word.lower()
    wanted = word.upper().replace("-", "")
    return wanted if wanted in rules else None


def _is_named(check: Named, words: frozenset[str]) -> bool:
    return check.id in words or check.section in words


def _unknown(what: str, word: str, known: Sequence[str]) -> UsageError:
    spelled = {name.lower(): name for name in known}
    begun = [name for name in spelled if name.startswith(word.lower())]
    near = begun or difflib.get_close_matches(word.lower(), spelled, n=1)
    did_you_mean = f"; did you mean {spelled[near[0]]!r}?" if near else ""
    return UsageError(f"no {what} is called {word!r}{did_you_mean}", "hotelctl explain --list names them all")
