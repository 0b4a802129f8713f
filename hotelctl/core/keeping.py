"""What need not be had again: of the same commit, under the same conditions, a day at most.

Of checks, what passed or does not apply is kept. All else is judged anew each time: it may have been the
machine. Of facts, those that checks which find something stand on, too.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from hotelctl.core.check import Check
from hotelctl.core.errors import NotApplicable
from hotelctl.core.judging import FactStore, Had, Probe
from hotelctl.core.kept import ITSELF, Again, KeptResults, Question
from hotelctl.core.report import CheckResult, Status

_KEPT = (Status.PASSED, Status.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of a check that found nothing."""

    status: Status
    reason: str | None


@dataclass(frozen=True, slots=True)
class Keeping:
    """What is kept between commands.

    `follows` are the probes whose facts follow from `ground` and from the facts that they build on alone,
    each with the outside programs that it asks; `ground` says all of the facts in `said`. `mark` stands
    for a fact that may hold secrets. `whole` are the facts that are kept themselves, since checks that find
    something stand on them, too, each with what says that nothing stopped it.

    What is to be kept waits until `settle`: `untouched` says then whether all of it is of what `ground` says,
    and `foreign` which facts follow from something else after all, as it turned out.
    """

    kept: KeptResults
    facts: FactStore
    follows: Mapping[Probe, tuple[str, ...]]
    ground: Mapping[str, str]
    said: frozenset[type]
    not_before: datetime
    identity: Callable[[str], str]
    mark: Callable[[str], str]
    untouched: Callable[[], bool]
    foreign: Callable[[], AbstractSet[type]] = frozenset
    whole: Mapping[type, Callable[[Any], bool]] = field(default_factory=dict)
    _marks: dict[type, str] = field(default_factory=dict)
    _waiting: list[tuple[frozenset[type], Callable[[], None]]] = field(default_factory=list)

    def result(self, check: Check, judge: Callable[[], CheckResult]) -> CheckResult:
        """What `judge` gives, or what it gave before."""
        began_s = time.monotonic()
        question = self._question(("check", check.info.id), check.facts)
        if question is None:
            return judge()
        again = self.kept.again(_Outcome, question, self.not_before)
        if again is not None:
            status, reason = again.answer.status, again.answer.reason
            return CheckResult(check.info, status, time.monotonic() - began_s, again.evidence, reason=reason)
        result = judge()
        # What stands on no evidence is not kept, and need not wait for the end.
        whole = result.evidence and not result.findings and not result.left_out
        if result.status in _KEPT and whole:
            outcome = _Outcome(result.status, result.reason)
            self._wait(check.facts, lambda: self.kept.keep(_Outcome, question, outcome, result.evidence))
        return result

    def earlier(self, kind: type) -> Had | None:
        """The fact of that type as an earlier command had it, if it would be the same today."""
        question = self._question(("fact", kind.__qualname__), (kind,)) if kind in self.whole else None
        if question is None:
            return None
        again: Again[Any] | None = self.kept.again(kind, question, self.not_before)
        return None if again is None else Had(again.answer, again.evidence)

    def leave(self, kind: type, had: Had) -> None:
        """The next command finds the fact, if it is whole and nothing was touched up to `settle`."""
        if kind not in self.whole or had.trouble is not None or not had.evidence:
            return
        if not self.whole[kind](had.value):
            return
        question = self._question(("fact", kind.__qualname__), (kind,))
        if question is not None:
            self._wait((kind,), lambda: self.kept.keep(kind, question, had.value, had.evidence))

    def settle(self) -> None:
        """All is judged: what waits is kept if nothing was touched meanwhile, and dropped if anything was."""
        waiting = self._waiting.copy()
        self._waiting.clear()
        if not waiting or not self.untouched():
            return
        foreign = self.foreign()
        for behind, keep in waiting:
            if foreign.isdisjoint(behind):
                keep()

    def _wait(self, facts: Iterable[type], keep: Callable[[], None]) -> None:
        self._waiting.append((self.facts.behind(facts), keep))

    def _question(self, words: tuple[str, ...], facts: Iterable[type]) -> Question | None:
        """All that it follows from; None where that cannot be told, or is quickly had anew."""
        behind = {kind: self.facts.probe(kind) for kind in self.facts.behind(facts)}
        costly = {
            kind: self.follows[probe] for kind, probe in behind.items() if probe and probe in self.follows
        }
        others = [kind for kind in behind if kind not in costly and kind not in self.said]
        if not costly or any(costly.keys() & self.facts.behind((kind,)) for kind in others):
            return None
        had = {kind: self.facts.get(kind) for kind in others}
        if any(one.trouble and not isinstance(one.trouble, NotApplicable) for one in had.values()):
            return None
        programs = {name for asked in costly.values() for name in asked}
        inputs = {
            **self.ground,
            **{kind.__qualname__: self._mark(kind, one) for kind, one in had.items()},
            **{f"program {name}": self.identity(name) for name in programs},
        }
        if not all(inputs.values()):
            return None
        named = {name: said.encode() for name, said in inputs.items()}
        return Question(ITSELF, words, named)

    def _mark(self, kind: type, had: Had) -> str:
        """What stands for all that the fact holds, found out once."""
        if kind not in self._marks:
            # What does not apply is a fact, too: it follows from what was asked, and not from the machine.
            held = _whole(had.value) if had.trouble is None else (NotApplicable.__name__, str(had.trouble))
            self._marks[kind] = self.mark(repr(held))
        return self._marks[kind]


def _whole(value: Any) -> Any:  # noqa: ANN401 - a fact is any value
    """All that `value` holds, in an order of its own; what a fact keeps from its `repr` counts, too."""
    if is_dataclass(value):
        return type(value).__qualname__, [(f.name, _whole(getattr(value, f.name))) for f in fields(value)]
    if isinstance(value, Mapping):
        return sorted((repr(_whole(key)), repr(_whole(held))) for key, held in value.items())
    if isinstance(value, AbstractSet):
        return sorted(repr(_whole(one)) for one in value)
    if isinstance(value, bytes):
        # Of files there are megabytes, and what is written of them is three times as long.
        return "bytes", sha256(value).hexdigest()
    return [_whole(one) for one in value] if isinstance(value, (list, tuple)) else value
