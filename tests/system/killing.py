"""One kill of a deploy at one of its journal records, what ends it afterwards, and what must hold then."""

import signal
from dataclasses import dataclass
from itertools import count
from typing import Literal, Protocol

from hotelctl.cli._shelf import verified
from hotelctl.deploy.journal import Kind, Progress, Record, fold
from hotelctl.render.verify import REPORT
from tests.services.checkout import git
from tests.system.journals import outcome
from tests.system.site import Ended, Site
from tests.system.tidiness import assert_nothing_runs, assert_tidy, serving

Way = Literal["resume", "abort"]
NOTHING_TO_DO = 2
_LASTING = {"build", "backup", "migrate", "stage", "switch", "finish"}


class Fatal(Protocol):
    """Where a command dies, as `HOTELCTL_FAULT` has it, and what is asked for afterwards."""

    @property
    def fault(self) -> str: ...

    @property
    def way(self) -> Way: ...


@dataclass(frozen=True, slots=True)
class Inside:
    """SIGKILL inside a long action."""

    fault: str
    way: Way

    def __str__(self) -> str:
        return f"{self.fault}, {self.way}"


@dataclass(frozen=True, slots=True)
class Kill:
    """SIGKILL just before or just after record `number` is durable; `way` is asked for afterwards."""

    when: Literal["before", "after"]
    number: int
    way: Way

    @property
    def fault(self) -> str:
        return f"{self.when}@{self.number}"

    def __str__(self) -> str:
        return f"{self.fault}, {self.way}"


def every_kill(records: tuple[Record, ...], way: Way) -> tuple[Kill, ...]:
    """All of them; an abort is for what stands before the finished switch."""
    last = len(records) if way == "resume" else _switched(records) - 1
    kills = [Kill(when, n, way) for n in range(1, last + 1) for when in ("before", "after")]
    return tuple(kills if way == "resume" else [*kills, Kill("before", last + 1, way)])


def unrecorded_work(records: tuple[Record, ...], way: Way) -> tuple[Kill, ...]:
    """The hardest of them: the world outside was changed, and nothing says so yet."""
    done = {r.seq for r in records if r.step in _LASTING and r.kind is Kind.DONE}
    return tuple(kill for kill in every_kill(records, way) if kill.when == "before" and kill.number in done)


def _switched(records: tuple[Record, ...]) -> int:
    return next(r.seq for r in records if (r.step, r.kind) == ("switch", Kind.DONE))


def strike(site: Site, kill: Fatal) -> str:
    """How the operation ended. `AssertionError` when anything that must hold does not."""
    before = Before.of(site)
    killed = site.run("deploy", "--yes", fault=kill.fault)
    assert killed.code == -signal.SIGKILL, f"{kill} killed nothing: {killed}"
    return end(site, kill.way, before)


def strike_twice(site: Site, first: str, second: str, way: Way) -> str:
    """How the operation ended that was killed at `first`, and its `resume` at `second` if it came there."""
    before = Before.of(site)
    killed = site.run("deploy", "--yes", fault=first)
    assert killed.code == -signal.SIGKILL, f"{first} killed nothing: {killed}"
    opened = [name for name in site.operations() if name not in before.operations]
    if not opened:
        return end(site, way, before)
    again = site.run("resume", fault=second)
    if again.code != -signal.SIGKILL:
        again.expect(0)
        assert_serves(site, opened[0], git(site.root, "rev-parse", "HEAD"), before.serving)
        return str(outcome(site.records(opened[0])))
    progress = fold(site.records(opened[0]))
    forward = progress.only_forward or progress.outcome is not None
    return end(site, "resume" if forward else way, before)


def stumble(site: Site, first: tuple[str, ...], then: Way, fault: str = "after@2") -> int:
    """How many commands were killed until one ended with 0, each a few records further on.

    `first` begins and is killed at `fault`, `then` is asked for again and again.
    """
    words = first
    for killed in count():
        ended = site.run(*words, fault=fault)
        if ended.code == 0:
            return killed
        assert ended.code == -signal.SIGKILL, str(ended)
        # A reopened step writes three or four records: reopened, begun, perhaps its effect, done.
        words, fault = (then,), f"after@{len(site.records()) + 3 + killed % 3}"
    raise AssertionError


@dataclass(frozen=True, slots=True)
class Before:
    """What there was before an operation began."""

    serving: str | None
    operations: frozenset[str]

    @classmethod
    def of(cls, site: Site) -> "Before":
        return cls(serving(site), frozenset(site.operations()))


def end(site: Site, way: Way, before: Before) -> str:
    """How the killed operation ended, after all that must hold then was looked at."""
    opened = [name for name in site.operations() if name not in before.operations]
    progress = fold(site.records(opened[0])) if opened else Progress()
    ended = site.run(way)
    if not opened:
        return _nothing_happened(site, ended, before.serving)
    ended.expect(0)
    found = outcome(site.records(opened[0]))
    assert found in _allowed(way, progress), f"ended as {found}: {ended}"
    if found == "succeeded":
        assert_serves(site, opened[0], git(site.root, "rev-parse", "HEAD"), before.serving)
    else:
        assert_taken_back(site, before.serving)
    answer = verified(site.root / "reports" / opened[0], any_commit=False)
    assert answer.exit_code == 0, answer
    return str(found)


def _allowed(way: Way, progress: Progress) -> set[str]:
    if way == "resume":
        return {"succeeded"}
    return {"rolled_back"} if progress.effects.get("switch") else {"stopped"}


def _nothing_happened(site: Site, ended: Ended, former: str | None) -> str:
    """Killed before its first record, so there is nothing to end."""
    ended.expect(NOTHING_TO_DO)
    assert_taken_back(site, former)
    return "nothing begun"


def assert_serves(site: Site, operation: str, commit: str, former: str | None) -> None:
    """The new release answers, always; it and the former one are all that runs."""
    assert {site.answers()["commit"] for _ in range(10)} == {commit}
    assert serving(site) == operation
    assert_tidy(site, {operation, former} if former else {operation}, must={operation})


def assert_taken_back(site: Site, former: str | None) -> None:
    """What served before serves now; what is left of the attempt is its journal and its report."""
    assert serving(site) == former
    if former is None:
        assert_nothing_runs(site)
        assert site.wharf is None or not (
            site.wharf.releases() or site.wharf.networks() or site.wharf.images()
        )
        return
    assert len({site.answers()["commit"] for _ in range(10)}) == 1
    good = {path.parent.name for path in site.state.glob("releases/*/good.json")}
    assert_tidy(site, good, must={former})
    assert {path.name for path in site.state.glob("releases/*")} == good
    assert (site.root / "reports" / "latest" / REPORT).is_file()
