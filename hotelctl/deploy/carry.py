"""What the release that served issued must still be good at the next one: asked across the switch."""

import json
from collections.abc import Sequence
from contextlib import suppress

from hotelctl.config.service import Smoke
from hotelctl.core.errors import HotelctlError, StepFailed, Unavailable
from hotelctl.deploy.operation import Operation
from hotelctl.deploy.release import Release
from hotelctl.facts.smoke_results import results_of
from hotelctl.facts.smoke_run import WorkflowResult

_NAME = "carry-over"


class CarryOver:
    """Issued before traffic moves, checked after it moved; what was issued is kept for a resume between."""

    def __init__(self, operation: Operation) -> None:
        """Work on `operation`; nothing runs yet."""
        self._op = operation
        self._kept = operation.layout.deploy(operation.id) / "carry.json"
        self._told = self._kept.with_name("carried.json")
        self._asked: Release | None = None

    @property
    def issued(self) -> bool:
        """Whether something is issued, checked or not, and its verdict is not yet written down."""
        return any(map(self._op.world.files.exists, (self._kept, self._told)))

    def issue(self, former: Release) -> str:
        """Why nothing could be issued by the release that serves; empty when it was.

        A release that cannot issue is no reason against the one that mends it.
        """
        op, carry = self._op, self._suite(former).carry
        if self.issued:
            return ""
        if carry is None:
            return f"{former.tag} has no program for it"
        done = op.world.work.smoke_program(
            op.place(former), carry.issue, op.edge_url, carry.timeout_s, confidential=True
        )
        if not done.ok:
            return f"{former.tag} issued nothing: {done.tail(1) or f'exit code {done.exit_code}'}"
        op.world.files.write_durable(self._kept, done.stdout.encode(), 0o600)
        return ""

    def check(self, release: Release) -> Sequence[WorkflowResult]:
        """How the release that serves now answers to what was issued; nothing where nothing was.

        What was issued is good once: killed before the verdict, a resume hears the same answer.
        """
        op, suite = self._op, self._suite(release)
        if (told := self._answered(release)) is not None:
            return told
        if suite.carry is None or not op.world.files.exists(self._kept):
            return ()
        issued = op.world.files.read(self._kept).decode()
        place = op.place(release)
        done = op.world.work.smoke_program(
            place, suite.carry.check, op.edge_url, suite.carry.timeout_s, stdin=issued
        )
        results = results_of(_NAME, done)
        self._remember(release, results)
        op.world.files.remove(self._kept)
        self._asked = release
        return results

    def _answered(self, release: Release) -> Sequence[WorkflowResult] | None:
        """What an attempt that was killed had heard from that release; None where none had."""
        files = self._op.world.files
        if not files.exists(self._told):
            return None
        kept = json.loads(files.read(self._told))
        if kept[0] != release.id:
            return None
        return [WorkflowResult(**words, evidence=()) for words in kept[1]]

    def _remember(self, release: Release, results: Sequence[WorkflowResult]) -> None:
        told = ("name", "requests", "seconds", "why")
        words = [{name: getattr(one, name) for name in told} for one in results]
        self._op.world.files.write_durable(self._told, json.dumps([release.id, words]).encode(), 0o600)

    def tidy(self) -> None:
        """What asking has made is gone, as far as its program can; it ends no deploy.

        Not while others ask: it may take along what they made. The verdict is written down by now.
        """
        self._op.world.files.remove(self._told)
        release, self._asked = self._asked, None
        cleanup = self._suite(release).cleanup if release else ()
        if release and cleanup:
            with suppress(HotelctlError, Unavailable):
                self._op.world.work.smoke_cleanup(self._op.place(release), cleanup, {})

    def _suite(self, release: Release) -> Smoke:
        return self._op.pinned_in_doubt(release).smoke


def require_carried(results: Sequence[WorkflowResult]) -> str:
    """How it went, in words. Raises `StepFailed` when something issued before does not work any more."""
    failed = [result for result in results if not result.passed]
    if failed:
        raise StepFailed(
            f"{failed[0].name}: {failed[0].why}",
            "keys and state must outlive a release",
        )
    return told(results)


def told(results: Sequence[WorkflowResult]) -> str:
    """How it went, in words."""
    failed = [result for result in results if not result.passed]
    if failed:
        return f"{failed[0].name}: {failed[0].why}"
    return f"what was issued before works ({sum(result.requests for result in results)} requests)"
