"""Running the checks without deploying: which ones, under which policy, and the report of it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.reach import ANYWHERE, Reach
from hotelctl.adapters.workspace import workspace
from hotelctl.checks.rules import Rule, rules
from hotelctl.cli._broken_off import gone_when_broken_off
from hotelctl.cli._building import asked_in_part, stand_ins
from hotelctl.cli._context import context_of
from hotelctl.cli._contract import require_contract
from hotelctl.cli._found import configured_or_found
from hotelctl.cli._judging import Bench, begin_awaited, left_out
from hotelctl.cli._keeping import keeping
from hotelctl.cli._lock_timeline import timeline_of
from hotelctl.cli._narrowing import Narrowed, baseline, since
from hotelctl.cli._places import LOCAL, STATE
from hotelctl.cli._policy import policy
from hotelctl.cli._presentation import Presentation
from hotelctl.cli._secrets import keep_out_of_git
from hotelctl.cli._selection import Selection, select
from hotelctl.cli._serving import serving, traffic_of
from hotelctl.cli._shelf import Kept, Shelf, report_id
from hotelctl.cli._target import target_of
from hotelctl.cli._validation_report import report_of, subject_of
from hotelctl.cli._waiving import Waiving, require_readable
from hotelctl.cli._wiring import (
    Asked,
    Wiring,
    configure,
    keep_key,
    kept_answers,
    unrecorded_files,
    wired,
)
from hotelctl.config.load import FOUND, Configuration
from hotelctl.core.by_name import full_name
from hotelctl.core.check import Check, Stage
from hotelctl.core.deadline import Deadline
from hotelctl.core.errors import UsageError
from hotelctl.core.finding import Severity
from hotelctl.core.judging import FactStore
from hotelctl.core.kept import Kept as KeptBefore
from hotelctl.core.kept import NothingKept
from hotelctl.core.narrowing import Narrowing
from hotelctl.core.ports import EvidenceLog, WorkTree
from hotelctl.core.references import Change
from hotelctl.core.report import CheckResult, LockTimeline, MeasuredTarget, Policy, Report
from hotelctl.deploy.release import Release
from hotelctl.deploy.traffic import Traffic
from hotelctl.probes.context import Context
from hotelctl.probes.registry import (
    IN_A_SANDBOX,
    IN_THE_PROJECT,
    NONE,
    OF_WHAT_IS_STAGED,
    OF_WHAT_SERVES,
    PROBES,
    WHERE_NO_TEST_RUNS,
    Probes,
)
from hotelctl.render.json import sealed
from hotelctl.render.progress import progress

_NONE = f"none; judged by {FOUND}"


_OUTSIDE, _SECRETS = "services", "secrets"
_SPEED = "hotelctl.facts.speed.Speed"
_ASKS_SERVICES = ("OPS013", "EXT003")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the flags of `validate` ask for; `about` is the release that is judged, else the checkout is."""

    profile: str | None
    only: tuple[str, ...]
    skip: tuple[str, ...]
    required: tuple[str, ...]
    fail_on: str
    jobs: int
    timeout_s: float | None
    kind: str = "validate"
    reach: Reach = ANYWHERE
    with_external: bool = False
    cache: bool = False
    baseline: Path | None = None
    since: str | None = None
    staged: bool = False
    about: Release | None = None

    def chosen(self) -> Selection[Check]:
        """All checks that were named; `verify` asks the running release only, and others when told to."""
        found = self._chosen()
        chosen, skipped = (tuple(one.check() for one in some) for some in (found.chosen, found.skipped))
        return Selection(chosen, skipped, found.left_out)

    def _chosen(self) -> Selection[Rule]:
        asked = [one for one in rules() if self.kind == "validate" or self._verifies(one)]
        if not self.staged:
            return select(asked, self.only, self.skip)
        if self.since is not None:
            raise UsageError("--staged and --since name two changes", "give one of them")
        chosen = select(asked, self.only or (_SECRETS,), self.skip)
        if others := [one.id for one in chosen.chosen if one.section != _SECRETS]:
            raise UsageError(
                f"--staged: {others[0]} judges more than what is staged", f"--only {_SECRETS}, or rules of it"
            )
        return chosen

    def _verifies(self, rule: Rule) -> bool:
        outside = rule.section == _OUTSIDE and rule.stage is not Stage.SANDBOX
        return rule.stage.asks_what_serves or (self.with_external and outside)

    def selection(self) -> Mapping[str, str]:
        """What was asked for, for the report."""
        asked = {"only": ",".join(self.only), "skip": ",".join(self.skip)}
        if self.staged:
            asked["staged"] = "only what the next commit would bring was judged"
        if self.reach.offline:
            asked["offline"] = "only this machine was asked"
        if self.with_external:
            asked["with_external"] = "services of others were to be asked, too"
        return {flag: names for flag, names in asked.items() if names}


@dataclass(frozen=True, slots=True)
class _Past:
    """What earlier commands leave to this one: answers, results, and which findings are no news.

    Results are those of the checkout `of_commit`; None where none are used. `checkout` was looked at when
    this command began, and need not be again.
    """

    kept: KeptBefore
    narrowing: Narrowing | None
    of_commit: WorkTree | None = None
    change: Change | None = None
    checkout: WorkTree | None = None


@dataclass(frozen=True, slots=True)
class _Judged:
    """What the checks say, and what was measured for them."""

    results: tuple[CheckResult, ...]
    targets: tuple[MeasuredTarget, ...]
    lock_timeline: LockTimeline | None

    def within(self, report: Report) -> Report:
        """`report` with what was measured."""
        return replace(report, performance=self.targets, lock_timeline=self.lock_timeline)


def validated(asked: Asked, wishes: Wishes, shown: Presentation, report_directory: Path) -> Kept:
    """The report of the checks that were asked for; it is on its shelf when this returns."""
    configuration = _with_profile(configured_or_found(asked, cache=wishes.cache), wishes.profile)
    selection = wishes.chosen()
    held_to = policy(
        selection,
        configuration.environment.profile,
        wishes.fail_on,
        wishes.required,
        asked_in_part(selection.chosen, configuration),
    )
    require_readable(configuration, rules())
    subject = subject_of(configuration, wishes.kind, wishes.about, staged=wishes.staged)
    tree = subject.tree
    require_contract(configuration)
    keep_out_of_git(configuration.project / STATE, unrecorded_files(configuration))
    if wishes.cache:
        keep_key(configuration)
    shelf, began = Shelf(configuration.project / report_directory), SystemClock().now()
    name, noted = report_id(began, tree.commit), {"commit": tree.commit, "dirty": bool(tree.dirty)}
    with (
        gone_when_broken_off(shelf.begin(name)) as place,
        workspace() as room,
        wired(
            configuration, place, noted, start_database=False, temporary=room, reach=wishes.reach
        ) as wiring,
    ):
        narrowed = _narrowed(wishes, wiring)
        with _with_database(wiring) as complete:
            kept = kept_answers(complete, dirty=bool(tree.dirty)) if wishes.cache else NothingKept()
            seen = None if wishes.staged else complete.ports.repository.told(subject.checkout)
            past = _past(kept, narrowed, tree if wishes.cache else None, seen)
            judged = _judged(complete, room, selection, held_to, wishes, shown, past=past)
        # Only now: dropping a throw-away database is evidence, too.
        report = report_of(wiring, subject, judged.results, held_to, began)
        told = {**wishes.selection(), **(narrowed.told if narrowed else {})}
        told |= {} if configuration.written else {"service file": _NONE}
        report = replace(judged.within(report), id=name, facts=told)
        made = sealed(report, wiring.shown)
    return Kept(made, shelf.keep(made, latest=not wishes.staged))


def _past(
    kept: KeptBefore, narrowed: Narrowed | None, of_commit: WorkTree | None, checkout: WorkTree | None
) -> _Past:
    if narrowed is None:
        return _Past(kept, None, of_commit, None, checkout)
    return _Past(kept, narrowed.narrowing, of_commit, narrowed.change, checkout)


def _narrowed(wishes: Wishes, wiring: Wiring) -> Narrowed | None:
    """Which findings count, where not all do. Raises `UsageError`."""
    if wishes.baseline is not None and wishes.since is not None:
        raise UsageError("--baseline and --since are two ways to leave old findings out", "give one of them")
    if wishes.baseline is not None:
        return baseline(wishes.baseline, wiring.configuration.spec.service.name, wiring.ports.files)
    if wishes.since is None:
        return None
    return since(wishes.since, wiring.ports.repository.change(wishes.since))


def verified(
    asked: Asked, shown: Presentation, report_directory: Path, *, with_external: bool = False
) -> Kept:
    """The report of what the release that serves answers now; every critical question needs a verdict.

    Outside services are asked `with_external` only.

    Raises:
        UsageError, Diverged: as `serving` does.

    """
    configuration = configure(asked)
    release = serving(configuration)
    running = [one.check().info for one in rules() if one.stage.asks_what_serves]
    required = tuple(info.id for info in running if info.severity is Severity.CRITICAL)
    # Who asks for outside services by name is told when nobody could ask them.
    required += _ASKS_SERVICES if with_external else ()
    wishes = Wishes(
        None,
        (),
        (),
        required,
        "high",
        1,
        None,
        "verify",
        with_external=with_external,
        about=release,
    )
    return validated(asked, wishes, shown, report_directory)


def _is_there(configuration: Configuration, traffic: Traffic) -> bool:
    """Whether a release runs that can be asked, or may run: then nothing is asked in its stead."""
    if traffic.release is None:
        return traffic.diverged is not None
    return target_of(configuration).health(traffic.release).alive


def _with_profile(configuration: Configuration, profile: str | None) -> Configuration:
    if profile is None:
        return configuration
    environment = configuration.environment.model_copy(update={"profile": profile})
    return replace(configuration, environment=environment)


@contextmanager
def _with_database(wiring: Wiring) -> Iterator[Wiring]:
    """`local` gets its database from hotelctl; where none runs yet, a throw-away one stands for it.

    It is made when a check asks it; until then there is its address alone.
    """
    configuration = wiring.configuration
    by_hotelctl = configuration.environment_name == LOCAL and configuration.spec.database is not None
    if not by_hotelctl or wiring.database_url is not None:
        yield wiring
        return
    with wiring.ports.scratch.later("validate") as later:
        yield replace(wiring, database_url=later.url, embedded=True, later=later)


def _judged(
    wiring: Wiring,
    room: Path,
    selection: Selection[Check],
    held_to: Policy,
    wishes: Wishes,
    shown: Presentation,
    *,
    past: _Past,
) -> _Judged:
    ports, deadline = wiring.ports, _deadline(wishes, wiring)
    with progress(wiring.redactor, quiet=shown.quiet, no_color=shown.no_color, keep=False) as observer:
        traffic = traffic_of(wiring.configuration)
        if traffic.diverged is not None:
            observer.said(f"{traffic.diverged.message}; {traffic.diverged.hint}")
        probes = _probes(wiring.configuration, wishes, traffic) | stand_ins(
            selection.chosen, wiring.configuration
        )
        asked = context_of(wiring, traffic, room, with_external=wishes.with_external)
        context = replace(asked, kept=past.kept, kept_layers=past.kept, change=past.change)
        facts = _facts(probes, context, ports.evidence, past.checkout)
        if deadline is None and wishes.jobs > 1:
            begin_awaited(selection.chosen, facts)
        waiving = Waiving(facts, held_to.fail_on)
        bench = Bench(facts, ports.evidence, held_to.fail_on, observer, waiving, deadline, past.narrowing)
        if past.of_commit is not None and not wishes.staged:
            bench.keeping = keeping(wiring, facts, past.kept, past.of_commit, held_to, traffic)
            facts.kept = bench.kept()
        judged = bench.judge(selection.chosen, wishes.jobs)
        results = tuple(replace(one, cached=past.kept.since(one.evidence)) for one in judged)
        skipped = left_out(selection.skipped, f"asked for: --skip {','.join(wishes.skip)}")
        locks = timeline_of(selection.chosen, results, facts)
        locks = locks and replace(locks, cached=past.kept.since(locks.evidence))
        targets = _targets(selection, facts)
        if (kept := bench.kept()) is not None:
            kept.settle()
        return _Judged(results + skipped, targets, locks)


def _deadline(wishes: Wishes, wiring: Wiring) -> Deadline | None:
    return (
        None if wishes.timeout_s is None else Deadline.after(wishes.timeout_s, wiring.ports.clock.monotonic)
    )


def _facts(probes: Probes, context: Context, evidence: EvidenceLog, checkout: WorkTree | None) -> FactStore:
    facts = FactStore(probes, context, evidence)
    if checkout is not None:
        facts.put(checkout, (checkout.evidence,))
    return facts


def _targets(selection: Selection[Check], facts: FactStore) -> tuple[MeasuredTarget, ...]:
    """The performance targets that a check was asked for, with what was measured of them."""
    if not any(full_name(fact) == _SPEED for check in selection.chosen for fact in check.facts):
        return ()
    from hotelctl.facts.speed import Speed
    from hotelctl.facts.speed_rows import rows

    had = facts.get(Speed)
    return () if had.trouble is not None else tuple(rows(had.value, had.evidence))


def _probes(configuration: Configuration, wishes: Wishes, traffic: Traffic) -> Probes:
    """Whom the live checks and those of outside services ask: the release that serves, or the candidate."""
    if wishes.kind != "validate":
        return PROBES | OF_WHAT_SERVES
    if wishes.staged:
        return PROBES | OF_WHAT_IS_STAGED
    live = PROBES if _is_there(configuration, traffic) else IN_A_SANDBOX
    tests = configuration.spec.tests
    ran = NONE if tests and tests.command else WHERE_NO_TEST_RUNS
    return live | ran | (NONE if configuration.spec.build_ else IN_THE_PROJECT)
