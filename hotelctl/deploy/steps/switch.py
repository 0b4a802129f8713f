"""Step 9: all traffic over in one atomic act, watched, and back by itself when it turns bad."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from hotelctl.core.check import Stage
from hotelctl.core.deadline import Deadline
from hotelctl.core.errors import Diverged, HotelctlError, StepFailed, Unavailable
from hotelctl.core.report import CheckResult
from hotelctl.core.units import milliseconds
from hotelctl.deploy.ahead import loading
from hotelctl.deploy.beside import Beside
from hotelctl.deploy.carry import CarryOver, require_carried, told
from hotelctl.deploy.gate import require_commit
from hotelctl.deploy.journal import TRAFFIC, Kind
from hotelctl.deploy.judgement import counted, require
from hotelctl.deploy.operation import Operation
from hotelctl.deploy.release import Release
from hotelctl.deploy.target import Moved
from hotelctl.deploy.vigil import Vigil
from hotelctl.deploy.watch import BASELINE_S, Before, Looked, Watched, Window, watch
from hotelctl.deploy.yardstick import ANSWER_S, Yardstick

_POLL_S = 0.05


class SwitchStep:
    """The old release drains and stays warm: the way back is one more atomic act."""

    name = "switch"
    title = "Switch all traffic"

    def __init__(self, operation: Operation, *, watched: bool = True) -> None:
        """Work on `operation`; `watched` is False for a rollback, which nothing may turn around."""
        self._op = operation
        self._watched = watched
        self._restarts = 0
        self._before = Before()
        self._since = operation.world.clock.now()
        self._beside = Yardstick(lambda: self._control(operation.former()), operation.world.clock)

    def plan(self) -> tuple[str, ...]:
        """What it would do, for people."""
        window = self._op.configuration.environment.watch.window_s
        former = self._op.former()
        first = "away from where it should not go" if self._op.diverged else "for the first time"
        away = f"from {former.tag}" if former else first
        watched = (f"watch it for {window:g} s",) if self._watched else ()
        return (f"switch all traffic {away}", *watched)

    def apply(self) -> Mapping[str, Any]:
        """The flip's times, the watch verdict, and how the former release drained."""
        op, release, former = self._op, self._op.candidate(), self._op.former()
        self._require_known(release, former)
        moved = self._moved_before(release)
        op.journal.append(self.name, Kind.EFFECT, {"from": former.id if former else None, "to": release.id})
        if moved is not None:
            self._note(release, since=moved)
        carry = CarryOver(op)
        self._look_back(release, former, moved)
        with self._loading(release, former):
            not_issued = self._not_issued(carry, former)
            flip = self._flip(release)
            carried, verdict, asked = self._judged(release, former, not_issued, carry)
        waited, left = self._drained(former, release)
        return {
            **_measured(flip if moved is None else None),
            "verdict": verdict.verdict,
            "probes": verdict.probes,
            "watched": asdict(verdict.now),
            "baseline": asdict(verdict.before),
            "counts": asked["counts"],
            "failing": asked["failing"],
            "drained_s": round(waited, 3),
            "carried": carried,
            "summary": f"{_flipped(flip, moved)}; {carried}; {verdict.words}; {asked['summary']}; "
            f"{self._left(former, waited, left)}",
        }

    def _look_back(self, release: Release, former: Release | None, moved: str | None) -> None:
        """What was before traffic came: a crash between the flip and the first look is one under watch."""
        op = self._op
        self._restarts = op.target.health(release).restarts
        self._since = op.world.clock.now() if moved is None else datetime.fromisoformat(moved)
        if former is None or former.id == release.id or not self._watched:
            return
        lately = timedelta(seconds=max(BASELINE_S, op.configuration.environment.watch.window_s))
        self._before = Before(
            op.target.answers(former, self._since - lately)(),
            op.target.memory_bytes(former),
            control_s=self._beside.usual() if moved is None else None,
        )

    def _control(self, former: Release | None) -> float | None:
        """How long the former release takes to say that it is ready, asked past the edge."""
        health = self._op.target.health(former) if former is not None else None
        if former is None or health is None or not health.alive:
            return None
        url = health.url + self._op.pinned_in_doubt(former).health.ready
        reply = self._op.world.http.request("GET", url, timeout_s=ANSWER_S)
        return reply.duration_s if reply.status is not None else None

    def _loading(self, release: Release, former: Release | None) -> AbstractContextManager[None]:
        """What asks afterwards loads ahead, but where people wait for traffic to be taken back."""
        if not self._watched:
            return nullcontext()
        carries = former is not None and former.id != release.id
        return loading(self._op, release, self._op.edge_url, serving=True, carries=carries)

    def _not_issued(self, carry: CarryOver, former: Release | None) -> str:
        """Why there is nothing to carry over; empty when the release that served issued something."""
        if former is None or former.id == self._op.candidate().id:
            return "nothing to carry over"
        if not carry.issued and self._serves(self._op.candidate()):
            return "carry-over not asked: traffic had moved already"
        why = carry.issue(former)
        return f"carry-over not asked: {why}" if why else ""

    def _carried(self, carry: CarryOver, release: Release) -> str:
        """How it went; what a rollback cannot carry is told only: it goes back all the same.

        Raises:
            StepFailed: what the former release issued does not work at this one, or cannot be asked for.

        """
        try:
            results = carry.check(release)
        except (HotelctlError, Unavailable) as error:
            if isinstance(error, StepFailed) or not self._watched:
                raise
            # Whatever the reason, traffic is not left there unwatched.
            raise StepFailed(f"what was issued before cannot be asked for: {error}") from error
        if not results:
            return f"carry-over not asked: {release.tag} has no program for it"
        return require_carried(results) if self._watched else told(results)

    def _require_known(self, release: Release, former: Release | None) -> None:
        serving = self._serving()
        known = {release.id, former.id if former else None}
        if (serving.id if serving else None) not in known:
            there = serving.tag if serving else "nothing"
            raise Diverged(
                f"traffic goes to {there}, which this operation does not know",
                "somebody switched meanwhile; look, then hotelctl resolve",
            )

    def _serves(self, release: Release) -> bool:
        serving = self._serving()
        return serving is not None and serving.id == release.id

    def _serving(self) -> Release | None:
        """What traffic goes to; None where nobody could tell and this very switch is to mend it."""
        try:
            return self._op.target.serving()
        except Diverged:
            if self._op.diverged:
                return None
            raise

    def _flip(self, release: Release) -> Moved:
        """How long the act took, and until the edge answered with the new release; it is asked once more."""
        op = self._op
        moved = op.target.route(release, op.journal.fence)
        self._note(release)
        require_commit(op.pinned(release).health, op.edge_url, release.commit, op.world.http)
        return moved

    def _moved_before(self, release: Release) -> str | None:
        """About when an attempt that was killed sent all traffic to `release`; None where none did."""
        if not self._serves(release):
            return None
        effects = [r for r in self._op.journal.records() if (r.step, r.kind) == (self.name, Kind.EFFECT)]
        return next((r.ts_utc for r in reversed(effects) if r.data.get("to") == release.id), None)

    def _note(self, there: Release | None, since: str | None = None) -> None:
        """One record for each move of all traffic: where it goes, "" for nowhere; `since`, if seen late."""
        progress, name = self._op.journal.progress(), there.id if there else ""
        if progress.effect(self.name, TRAFFIC) != name:
            seen_late = {} if since is None else {"since": since}
            self._op.journal.append(self.name, Kind.EFFECT, {TRAFFIC: name, **seen_late})

    def _judged(
        self, release: Release, former: Release | None, not_issued: str, carry: CarryOver
    ) -> tuple[str, Watched, Mapping[str, Any]]:
        """What carried over, and what the watch and the checks, asked meanwhile and afterwards, said.

        Raises:
            StepFailed: any of them is bad; with the place where the release's log will be.

        """
        op = self._op

        def look(may_end: Callable[[bool], bool]) -> Watched:
            return self._looked(release, carried, may_end)

        def back(verdict: StepFailed) -> None:
            self._back_at_once(verdict, release, former)

        try:
            with (
                Beside(lambda: not_issued or self._carried(carry, release), op.world.evidence) as carried,
                Vigil(look, back, op.world.evidence) as vigil,
            ):
                meanwhile = self._asked(Stage.RUNNING)
            words = carried.answer()
            asked = counted((*meanwhile, *self._asked(Stage.WATCHED)))
        except StepFailed as error:
            raise StepFailed(error.message, self._advice(error)) from error
        finally:
            carry.tidy()
        return words, vigil.watched, asked

    def _looked(self, release: Release, carried: Beside[str], may_end: Callable[[bool], bool]) -> Watched:
        """How the watch ended, which goes on until it is known what carried over, unless a check failed.

        Raises:
            StepFailed: the release crashed or failed under watch; or what was issued does not work at it.

        """
        watched = self._watch(release, lambda over: carried.failed or may_end(over and carried.over))
        # A rollback goes back whatever could be carried: nothing may turn it around.
        if self._watched and carried.over:
            carried.answer()
        return watched

    def _back_at_once(self, verdict: StepFailed, release: Release, former: Release | None) -> None:
        """Traffic goes where a release still serves it; `undo` does it again, with proof.

        The verdict is written first: killed after the turn, a resume must not try this release again.
        """
        if former is None:
            return
        said = {"message": verdict.message, "hint": self._advice(verdict), "frozen": False}
        try:
            self._op.journal.append(self.name, Kind.FAIL, said)
        finally:
            self._require_known(release, former)
            self._op.target.route(former, self._op.journal.fence)
            self._note(former)

    def _advice(self, error: StepFailed) -> str:
        kept = f"its log is kept: {self._op.layout.kept_log(self._op.id)}"
        return f"{error.hint}; {kept}" if error.hint else kept

    def _watch(self, release: Release, may_end: Callable[[bool], bool]) -> Watched:
        op = self._op
        limits, own = op.configuration.environment.watch, op.pinned(release)
        window = Window(
            op.edge_url + own.health.ready,
            limits.window_s if self._watched else 0.0,
            limits.max_error_share,
            own.run.memory_limit_bytes,
            proof_needed=limits.not_proven != "promote",
        )
        looked = Looked(
            lambda: op.target.health(release),
            op.target.answers(release, self._since),
            lambda: op.target.memory_bytes(release),
            lambda: self._beside.took() if self._before.control_s is not None else None,
        )
        world = op.world.http, op.world.clock
        return watch(looked, window, *world, may_end, before=self._before, restarts=self._restarts)

    def _asked(self, stage: Stage) -> Sequence[CheckResult]:
        """How the checks of the release that serves ended; one that blocks sends traffic back.

        After a rollback they are told only: a second turn could only make things worse.
        """
        results = self._op.judge(stage, ())
        if self._watched:
            require(results)
        return results

    def _drained(self, former: Release | None, release: Release) -> tuple[float, int]:
        """Seconds until no request was open at the former release or its limit passed; those still open."""
        op, clock = self._op, self._op.world.clock
        if former is None or former.id == release.id:
            return 0.0, 0
        began = clock.monotonic()
        deadline = Deadline.after(op.pinned_in_doubt(former).run.stop_timeout_s, clock.monotonic)
        while op.target.inflight(former) and not deadline.passed():
            clock.sleep(_POLL_S)
        return clock.monotonic() - began, op.target.inflight(former)

    def undo(self) -> str:
        """All traffic goes where it went before; whether it had moved is found first, and written down."""
        op, former = self._op, self._op.former()
        self._require_known(op.candidate(), former)
        if self._serves(op.candidate()):
            self._note(op.candidate(), since=self._moved_before(op.candidate()))
        moved = op.journal.progress().effect(self.name, TRAFFIC) is not None
        op.target.route(former, op.journal.fence)
        if moved:
            self._note(former)
        if former is None:
            return "no release serves, as before"
        require_commit(op.pinned_in_doubt(former).health, op.edge_url, former.commit, op.world.http)
        where = "is back" if moved else "was not moved: it stays"
        return f"traffic {where} at {former.tag}{self._used_up(former)}"

    def _used_up(self, former: Release) -> str:
        """What `former` issued is used up where it works: nobody is left logged in.

        Words where that cannot be: traffic is back, and a person who must look first is worse.
        """
        carry = CarryOver(self._op)
        try:
            carry.check(former)
            carry.tidy()
        except (HotelctlError, Unavailable) as error:
            return f"; what it had issued could not be used up and ends by itself: {error}"
        return ""

    def _left(self, former: Release | None, waited: float, left: int) -> str:
        if former is None:
            return "the edge pointed at no release" if self._op.diverged else "first release"
        state = f"{left} requests still open" if left else "drained"
        return f"{former.tag} {state} after {waited:.1f} s and stays warm"


def _measured(flip: Moved | None) -> dict[str, float | None]:
    """What the journal holds of a flip: of one that a killed command did nothing is known."""
    act_s, answered_s = (flip.act_s, flip.answered_s) if flip else (None, None)
    return {
        "act_s": None if act_s is None else round(act_s, 6),
        "flip_s": None if answered_s is None else round(answered_s, 4),
    }


def _flipped(flip: Moved, moved: str | None) -> str:
    if moved is not None:
        return f"traffic had moved already at {moved[:19]}Z"
    return f"flipped in {milliseconds(flip.act_s)}, first answer after {milliseconds(flip.answered_s or 0)}"
