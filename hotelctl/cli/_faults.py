"""Places to die, for tests: `HOTELCTL_FAULT` names one of them, and production refuses it.

`before@7` and `after@7` kill at the 7th journal record. `start:pg_dump`, `30ms:pg_restore#2` and
`end:migration` kill in a long action: just before it begins, so long after that or when it is over if that
is sooner, or as soon as it is over. A program is named by a word of its command line, or by the directory
that the word's file lies in; `rehearsal` is an SQL file on the copy of the database and `migration` one on
the real one; `#2` is the second one of that name. A `!` at the end kills the whole group.
"""

import os
import re
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import PurePath

from hotelctl.core.errors import UsageError
from hotelctl.core.ports import Begun, Command, Completed, Processes

VARIABLE = "HOTELCTL_FAULT"
MIGRATION, REHEARSAL = "migration", "rehearsal"
_REFUSED = "production"
_AT_RECORD = re.compile(r"(before|after)@([1-9][0-9]*)(!?)")
_IN_ACTION = re.compile(r"(start|end|[0-9]{1,6}ms):([A-Za-z_][A-Za-z0-9_.-]*)(?:#([1-9][0-9]*))?(!?)")


def fault(environ: Mapping[str, str], profile: str, name: str) -> Callable[[int, bool], None] | None:
    """What to call around every journal record, None when no fault is asked for at one.

    Raises:
        UsageError: the variable is malformed, or the environment's profile or `name` is production.

    """
    form = _asked(environ, (profile, name), _AT_RECORD)
    if form is None:
        return None
    durable, number, group = form[1] == "after", int(form[2]), bool(form[3])

    def around(record: int, written: bool) -> None:
        if (record, written) == (number, durable):
            _die(group=group)

    return around


@dataclass(slots=True)
class Moment:
    """A place inside a long action; actions are counted from the beginning of the command."""

    when: str
    what: str
    number: int
    group: bool
    _seen: int = 0
    _struck: bool = False
    _guard: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def over(self, names: Iterable[str]) -> Iterator[None]:
        """Around an action that is called by any of `names`."""
        if not self._is_it(names):
            yield
            return
        if self.when == "start":
            self._strike()
        with self._timed():
            yield
        self._strike()

    @contextmanager
    def _timed(self) -> Iterator[None]:
        """Where a time is named, it strikes so long from now, unless that is over sooner."""
        if not self.when.endswith("ms"):
            yield
            return
        timer = threading.Timer(int(self.when.removesuffix("ms")) / 1000, self._strike)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _strike(self) -> None:
        """Once."""
        with self._guard:
            struck, self._struck = self._struck, True
        if not struck:
            _die(group=self.group)

    def _is_it(self, names: Iterable[str]) -> bool:
        if self.what not in names:
            return False
        with self._guard:
            self._seen += 1
            return self._seen == self.number


def moment(environ: Mapping[str, str], profile: str, name: str) -> Moment | None:
    """The place inside a long action, None when no fault is asked for in one. Raises as `fault` does."""
    form = _asked(environ, (profile, name), _IN_ACTION)
    return Moment(form[1], form[2], int(form[3] or 1), bool(form[4])) if form else None


@dataclass(frozen=True, slots=True)
class DyingProcesses:
    """Programs as `inner` runs them; one of them is the last."""

    inner: Processes
    moment: Moment

    def run(self, command: Command) -> Completed:
        """As `inner` does, unless it is the one."""
        with self.moment.over(_names(command.argv)):
            return self.inner.run(command)

    def begun(self, command: Command) -> AbstractContextManager[Begun]:
        """As `inner` does."""
        return self.inner.begun(command)


def _names(argv: Sequence[str]) -> frozenset[str]:
    # pip is run as `.../pip/__pip-runner__.py`.
    paths = [PurePath(word) for word in argv]
    return frozenset(name for path in paths for name in (path.name, path.parent.name))


def _asked(environ: Mapping[str, str], kinds: Sequence[str], wanted: re.Pattern[str]) -> re.Match[str] | None:
    asked = environ.get(VARIABLE)
    if not asked:
        return None
    if not any(form.fullmatch(asked) for form in (_AT_RECORD, _IN_ACTION)):
        raise UsageError(
            f"{VARIABLE}={asked}: is not before@N or after@N, nor a place in a long action",
            f"unset {VARIABLE}",
        )
    if _REFUSED in kinds:
        raise UsageError(f"{VARIABLE} is refused in production", f"unset {VARIABLE}")
    return wanted.fullmatch(asked)


def _die(*, group: bool) -> None:
    if group:
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
