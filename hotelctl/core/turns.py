"""In which order checks are judged by several threads: none waits for a fact that another one is making."""

import threading
from collections.abc import Sequence

from hotelctl.core.check import Check
from hotelctl.core.judging import FactStore


class Turns:
    """Hands out checks, each once; several threads may ask.

    The first of them comes first whose facts nobody is about to make. Where every check shares one with a
    check that is being judged, it is the first of whose facts none is in the making, as soon as there is one,
    and rather one that also needs what no such check does.
    """

    def __init__(self, checks: Sequence[Check], facts: FactStore) -> None:
        """Nothing was handed out yet."""
        self._facts = facts
        self._waiting = [(one, facts.behind(one.facts)) for one in checks]
        self._begun: dict[int, frozenset[type]] = {}
        self._choosing = threading.Lock()

    def take(self) -> Check | None:
        """The next check; None when all are handed out. `done` has to be called for it."""
        with self._choosing:
            if not self._waiting:
                return None
            check, behind = self._waiting.pop(self._place())
            self._begun[id(check)] = behind
            return check

    def done(self, check: Check) -> None:
        """The check was judged: what it was about to make it has, or will not make."""
        self._begun.pop(id(check), None)

    def _place(self) -> int:
        kinds = [behind for _check, behind in self._waiting]
        wanted = frozenset[type]().union(*tuple(self._begun.values()))
        return self._facts.first_at_rest(kinds, wanted)
