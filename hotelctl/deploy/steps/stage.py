"""Step 8: the release runs beside what serves, without traffic, until it passed the gate."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Any

from hotelctl.config.smoke import run_smoke
from hotelctl.core.errors import HotelctlError, StepFailed
from hotelctl.core.lazily import lazily
from hotelctl.deploy.ahead import loading
from hotelctl.deploy.gate import Readiness, require_commit, wait_ready
from hotelctl.deploy.journal import Kind
from hotelctl.deploy.operation import Operation
from hotelctl.deploy.release import Release
from hotelctl.deploy.target import Health
from hotelctl.facts.smoke_run import WorkflowResult

if TYPE_CHECKING:
    from hotelctl.deploy import image
else:
    image = lazily("hotelctl.deploy.image")

_KEPT_BYTES = 1_000_000


class StageStep:
    """Ready several times in a row, the built commit, and, for a new release, the smoke workflows."""

    name = "stage"
    title = "Start the release, unrouted"

    def __init__(self, operation: Operation, *, fresh: bool = True) -> None:
        """Work on `operation`; `fresh` is False for a release that passed its smoke workflows before."""
        self._op = operation
        self._fresh = fresh

    def plan(self) -> tuple[str, ...]:
        """What it would do, for people."""
        spec = self._op.configuration.spec
        health, smoke = spec.health, spec.smoke
        programs = [program.name for program in smoke.command if program.argv(serving=False)]
        named = ", ".join([*(workflow.name for workflow in smoke.workflow), *programs])
        gate = f"gate: {health.ready} {health.ready_passes} times in a row, running commit"
        contained = self._op.configuration.environment.target == "docker"
        commands = (*spec.run.prepare, *(() if contained else (spec.run.command,)))
        starts = [f"run {' '.join(command)}" for command in commands]
        starts += [f"start a container of the image {image.repository(self._op)}"] if contained else []
        asked = (f"smoke workflows: {named}",) if named and self._fresh else ()
        return (*starts, gate, *asked)

    def apply(self) -> Mapping[str, Any]:
        """How long it took to be ready, and the workflows that passed."""
        release = self._op.candidate()
        health, ran = self._start(release)
        try:
            ready, passed = self._gate(release, health.url, warm=ran and not self._fresh)
        except StepFailed as error:
            hint = "; ".join(filter(None, (error.hint, self._log_hint())))
            raise StepFailed(error.message, hint) from error
        return {
            "url": health.url,
            "ready_s": round(ready.seconds, 3),
            "workflows": [result.name for result in passed],
            "summary": f"ready after {ready.seconds:.1f} s, runs {release.commit[:12]}, {_words(passed)}",
        }

    def _gate(self, release: Release, url: str, *, warm: bool) -> tuple[Readiness, Sequence[WorkflowResult]]:
        """When it was ready, and the workflows that passed; their programs load while it starts."""
        op, own = self._op, self._op.pinned(release)
        with loading(op, release, url) if self._fresh else nullcontext():
            ready = wait_ready(
                own.health,
                lambda: op.target.health(release),
                op.world.http,
                op.world.clock,
                own.run.ready_timeout_s,
                warm=warm,
            )
            op.observer.said(f"ready after {ready.seconds:.1f} s")
            require_commit(own.health, url, release.commit, op.world.http)
            return ready, self._run_smoke(release, url) if self._fresh else ()

    def _start(self, release: Release) -> tuple[Health, bool]:
        """How it is now, and whether it ran before."""
        op = self._op
        env = op.release_env(release.id)
        if op.database_url is not None and self._fresh:
            op.runtime_url(op.database_url)
        for chore in op.world.work.prepare(op.pinned(release).run.prepare, op.layout.venv(release.id), env):
            if not chore.ok:
                raise StepFailed(f"{' '.join(chore.argv[1:])} failed: {chore.tail(3)}")
        op.target.prepare(op.configuration.environment.port)
        ran = op.target.health(release).alive
        op.journal.append(self.name, Kind.EFFECT, {"starting": release.id, "ran": ran})
        return op.target.stage(release, env), ran

    def _run_smoke(self, release: Release, url: str) -> Sequence[WorkflowResult]:
        op = self._op
        smoke = op.configuration.spec.smoke
        results = run_smoke(smoke, op.place(release), url, op.world.work, op.world.http)
        failed = [result for result in results if not result.passed]
        if failed:
            raise StepFailed(f"smoke workflow {failed[0].name}: {failed[0].why}")
        return results

    def undo(self) -> str:
        """The candidate is drained, stopped and removed; what was started for a first deploy ends, too.

        Of a release that was good before only the instance ends, where this step started or broke it.
        """
        op, release = self._op, self._op.candidate()
        if not self._fresh:
            return self._leave(release)
        serving = op.target.serving()
        if serving is not None and serving.id == release.id:
            raise StepFailed(f"{release.tag} still serves", "hotelctl status")
        stopped = op.target.retire(release)
        self._keep_log(release)
        op.target.discard(release)
        ended = op.target.dismantle()
        return "; ".join(filter(None, (f"candidate stopped ({stopped.detail})", ended)))

    def _leave(self, release: Release) -> str:
        """Nothing of it is removed; a warm one that did nothing wrong stays warm."""
        progress = self._op.journal.progress()
        started = progress.effects.get(self.name, ())
        broke = progress.failure is not None and progress.failure.step == self.name
        if not started or (started[0].get("ran") and not broke):
            return f"{release.tag} was good before and is left as it is"
        stopped = self._op.target.retire(release)
        return f"{release.tag} stopped ({stopped.detail}), its files stay"

    def _log_hint(self) -> str:
        op = self._op
        if self._fresh:
            return f"its log is kept: {op.layout.kept_log(op.id)}"
        return f"its log: {op.layout.release_log(op.candidate().id)}"

    def _keep_log(self, release: Release) -> None:
        """Whoever looks for the reason in the morning finds what the release said last."""
        files, layout = self._op.world.files, self._op.layout
        log = layout.release_log(release.id)
        # A disk that is too full for it must not keep the rest from being taken back.
        with suppress(HotelctlError):
            if files.exists(log):
                files.write_durable(layout.kept_log(self._op.id), files.read(log)[-_KEPT_BYTES:], 0o600)


def _words(results: Sequence[WorkflowResult]) -> str:
    if not results:
        return "no smoke workflow run"
    requests = sum(result.requests for result in results)
    workflows = "smoke workflow" if len(results) == 1 else "smoke workflows"
    return f"{len(results)} {workflows} ({requests} requests) passed"
