"""Step 3: the project's own quick tests, in a clean export, against a throw-away database."""

import shlex
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, ClassVar

from hotelctl.core.check import Stage
from hotelctl.core.errors import StepFailed
from hotelctl.core.ports import Completed
from hotelctl.core.scratch import OverheardDatabase
from hotelctl.deploy.beside import Beside
from hotelctl.deploy.heard import keep_heard
from hotelctl.deploy.judgement import require
from hotelctl.deploy.operation import Operation
from hotelctl.deploy.source import drop, export
from hotelctl.facts.test_run import TestRun, parse_junit


class TestStep:
    """The commit that is deployed passes its tests now; nothing older counts."""

    __test__: ClassVar[bool] = False  # pytest takes a class of this name for a test

    name = "test"
    title = "Run the test suite"

    def __init__(self, operation: Operation) -> None:
        """Work on `operation`."""
        self._op = operation

    def plan(self) -> tuple[str, ...]:
        """What it would do, for people."""
        tests = self._op.configuration.spec.tests
        return ("the service declares no tests",) if tests is None else (" ".join(tests.command),)

    def apply(self) -> Mapping[str, Any]:
        """How many tests ran and how they ended."""
        if self._op.configuration.spec.tests is None:
            raise StepFailed(
                "the service file has no [tests]", "a release that nothing tests is not deployed"
            )
        junit = self._op.layout.source(self._op.id).parent / "junit.xml"
        with self._op.world.evidence.scope() as ids:
            run, heard = self._run(junit)
        judged = require(self._op.judge(Stage.TEST, [(run, ids)]))
        executed = run.counts.executed
        asked = f"{heard} statements kept; " if heard else ""
        return {
            **judged,
            "executed": executed,
            "statements": heard,
            "summary": f"{executed} tests ran; {asked}{judged['summary']}",
        }

    def _run(self, junit: Path) -> tuple[TestRun, int]:
        """How they ended, and how many of the statements that they asked are kept."""
        world = self._op.world
        with Beside(lambda: export(self._op), world.evidence) as exported, self._database() as database:
            source = exported.answer()
            ended = world.work.run_tests(source, database.url if database else None, junit)
            heard = keep_heard(self._op, source, database) if database else 0
        return self._read(ended, junit), heard

    def _read(self, ended: Completed, junit: Path) -> TestRun:
        world = self._op.world
        if ended.timed_out:
            raise StepFailed(
                f"the test command was killed at its limit after {ended.duration_s:.0f} s",
                "find what hangs, or raise tests.timeout_s in the service file",
            )
        if not world.files.exists(junit):
            raise StepFailed(f"the test command wrote no result: {ended.tail(3)}", shlex.join(ended.argv))
        counts = parse_junit(world.files.read(junit).decode("utf-8", "replace"))
        finished = world.clock.now()
        return TestRun(
            counts,
            self._op.tree.commit,
            finished,
            ended.exit_code,
            ended.argv,
            ended.tail(3),
            duration_s=ended.duration_s,
        )

    def _database(self) -> AbstractContextManager[OverheardDatabase | None]:
        tests = self._op.configuration.spec.tests
        if tests is None or tests.database_env is None:
            return nullcontext()
        return self._op.world.scratch.overheard("test")

    def undo(self) -> str:
        """The export is removed."""
        drop(self._op)
        return "export removed"
