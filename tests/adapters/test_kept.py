"""Answers on the disk: found again with their evidence, and only for the very same question."""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from hotelctl.adapters.evidence import EvidenceFile, Unrecorded
from hotelctl.adapters.files import LocalFiles
from hotelctl.adapters.kept import KeptOnDisk
from hotelctl.core.chain import decode
from hotelctl.core.errors import Unavailable
from hotelctl.core.kept import Question
from hotelctl.core.redact import Redactor
from tests.fakes.clock import FakeClock

QUESTION = Question("lint", ("--strict", "a.sql"), {"a.sql": b"SELECT 1"})
SECRET = "Tr0ub4dor-and-three"


@dataclass(frozen=True, slots=True)
class Remark:
    """An answer of some shape."""

    rule: str
    line: int | None


class Run:
    """One command after another on the same project; each has a report of its own."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.number = 0
        self.clock = FakeClock()
        self.asked = 0
        self.identity = "lint 1.0"
        self.ground: dict[str, str] = {"dirty": "False"}
        self.answer: tuple[Remark, ...] = (Remark("R1", 3), Remark("R2", None))
        self.redactor = Redactor(b"key", [SECRET])

    @property
    def entries(self) -> list[Path]:
        return sorted((self.place / "kept").glob("*"))

    def ask(
        self,
        question: Question = QUESTION,
        program: Callable[[EvidenceFile], object] = lambda log: log.record(
            "process", {"argv": ["lint"], "duration_ms": 70}, "1 remark\n"
        ),
    ) -> tuple[tuple[Remark, ...], datetime | None]:
        """The answer that a new command gets, and since when it is kept; `asked` counts the real runs."""
        with self.command() as (kept, log):

            def run() -> tuple[Remark, ...]:
                self.asked += 1
                program(log)
                return self.answer

            with log.scope() as ids:
                answer = kept.once(tuple[Remark, ...], question, run)
            return answer, kept.since(ids)

    @contextmanager
    def command(self) -> Iterator[tuple[KeptOnDisk, EvidenceFile]]:
        """A new command's, with a report of its own."""
        self.number += 1
        self.clock.sleep(60)
        context = {"commit": f"c{self.number}", "dirty": False}
        with EvidenceFile(self.report / "evidence.jsonl", self.redactor, self.clock, context) as log:
            files = LocalFiles(Unrecorded(self.redactor, self.clock), self.place)
            identity = self.identity
            yield (
                KeptOnDisk(
                    self.place / "kept",
                    lambda: self.ground,
                    lambda _: identity,
                    log,
                    self.redactor,
                    files,
                    self.clock,
                ),
                log,
            )

    @property
    def report(self) -> Path:
        return self.place / f"r{self.number}"

    def records(self) -> tuple[Mapping[str, Any], ...]:
        return decode((self.report / "evidence.jsonl").read_bytes()).records


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path)


def test_the_same_question_is_asked_once_and_its_evidence_is_told_again(run: Run) -> None:
    first = run.ask()
    (measured,) = run.records()
    assert first == (run.answer, None)
    again, since = run.ask()
    (told,) = run.records()
    assert (again, run.asked) == (run.answer, 1)
    assert since == datetime.fromisoformat(measured["started_at"])
    assert told["cached"] == {"report": "r1", "evidence": "ev-0001", "commit": "c1"}
    assert told["commit"] == "c2", "the record itself belongs to the report that it stands in"
    same = ("adapter", "argv", "started_at", "duration_ms", "output")
    assert [told[key] for key in same] == [measured[key] for key in same]
    assert (run.report / told["output"]["path"]).read_text() == "1 remark\n"
    assert "cached" not in measured


def test_a_kept_answer_is_kept_on_from_the_run_that_measured_it(run: Run) -> None:
    run.ask()
    run.ask()
    run.ask()
    (told,) = run.records()
    assert told["cached"]["report"] == "r1"


@pytest.mark.parametrize(
    "other",
    [
        replace(QUESTION, inputs={"a.sql": b"SELECT 2"}),
        replace(QUESTION, inputs={"b.sql": b"SELECT 1"}),
        replace(QUESTION, inputs={**QUESTION.inputs, "more": b""}),
        replace(QUESTION, words=("a.sql",)),
        replace(QUESTION, program="other"),
    ],
)
def test_another_question_is_asked(run: Run, other: Question) -> None:
    run.ask()
    assert run.ask(other)[1] is None
    assert run.asked == 2


@pytest.mark.parametrize("change", ["identity", "dirty"])
def test_another_program_or_a_tree_that_is_not_clean_is_asked(run: Run, change: str) -> None:
    run.ask()
    if change == "identity":
        run.identity = "lint 2.0"
    else:
        run.ground = {"dirty": "True"}
    run.ask()
    assert run.asked == 2


def test_a_program_that_is_gone_says_nothing_and_one_that_comes_is_kept(run: Run) -> None:
    run.ask()
    run.identity = ""
    run.ask()
    run.ask()
    assert (run.asked, len(run.entries)) == (3, 1)
    run.identity = "lint 1.0"
    assert run.ask()[1] is not None
    assert run.asked == 3


def changed(raw: dict[str, Any]) -> bytes:
    return sealed(raw)[:65] + json.dumps(raw | {"answer": []}).encode()


def sealed(raw: object) -> bytes:
    body = json.dumps(raw).encode()
    return sha256(body).hexdigest().encode() + b"\n" + body


def resealed_in_another_shape(raw: dict[str, Any]) -> bytes:
    raw["answer"] = {"no": "list"}
    return sealed(raw)


def of_another_question(raw: dict[str, Any]) -> bytes:
    raw["question"]["words"] = ["b.sql"]
    return sealed(raw)


@pytest.mark.parametrize(
    "spoil",
    [
        changed,
        resealed_in_another_shape,
        of_another_question,
        lambda raw: sealed(raw | {"schema": "hotelctl.kept/0"}),
        lambda raw: sealed(raw)[:-9],
        lambda _: b"",
        lambda _: sealed([]),
        lambda _: b"\xff\xfe",
    ],
    ids=["changed", "shape", "question", "schema", "torn", "empty", "list", "bytes"],
)
def test_an_entry_that_is_not_as_it_was_written_is_thrown_away(
    run: Run, spoil: Callable[[dict[str, Any]], bytes]
) -> None:
    run.ask()
    (entry,) = run.entries
    entry.write_bytes(spoil(json.loads(entry.read_bytes().partition(b"\n")[2])))
    assert run.ask() == (run.answer, None)
    assert run.ask() == (run.answer, run.clock.now() - timedelta(seconds=60)), "the new entry is good"
    assert run.asked == 2


def test_a_directory_in_the_place_of_an_entry_does_not_stop_the_answer(run: Run) -> None:
    run.ask()
    (entry,) = run.entries
    entry.unlink()
    entry.mkdir()
    assert run.ask() == (run.answer, None)
    assert run.entries == [entry]
    assert entry.is_file()


def test_what_could_not_be_judged_is_asked_again(run: Run) -> None:
    def refused(log: EvidenceFile) -> None:
        log.record("process", {"argv": ["lint"]})
        raise Unavailable("killed at its limit")

    for _ in range(2):
        with pytest.raises(Unavailable, match="killed"):
            run.ask(program=refused)
    assert (run.asked, run.entries) == (2, [])


def test_an_answer_without_evidence_is_not_kept(run: Run) -> None:
    for _ in range(2):
        run.ask(program=lambda _: None)
    assert (run.asked, run.entries) == (2, [])


def test_an_answer_that_holds_a_secret_is_not_kept(run: Run) -> None:
    run.answer = (Remark(f"password {SECRET}", 1),)
    for _ in range(2):
        assert run.ask()[0] == run.answer
    assert (run.asked, run.entries) == (2, [])


def test_a_disk_that_keeps_nothing_costs_no_answer(run: Run) -> None:
    (run.place / "kept").write_text("no directory")
    assert run.ask() == (run.answer, None)


def test_an_entry_that_cannot_even_be_removed_costs_no_answer(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.ask()
    (entry,) = run.entries
    entry.write_bytes(b"spoilt")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(LocalFiles, "remove", refuse)
    monkeypatch.setattr(LocalFiles, "write_durable", refuse)
    assert run.ask() == (run.answer, None)


def test_only_its_owner_reads_an_entry(run: Run) -> None:
    run.ask()
    (entry,) = run.entries
    assert entry.stat().st_mode & 0o777 == 0o600


def test_what_nobody_asked_for_two_weeks_goes_and_what_is_used_stays(run: Run) -> None:
    run.ask()
    (used,) = run.entries
    run.ask(replace(QUESTION, words=("old",)))
    (old,) = (path for path in run.entries if path != used)
    for path in (used, old):
        os.utime(path, (time.time() - 15 * 86400,) * 2)
    run.ask()
    assert run.asked == 2, "it is found however old it is"
    run.ask(replace(QUESTION, words=("new",)))
    assert used in run.entries
    assert old not in run.entries
    assert len(run.entries) == 2


def test_there_are_never_more_than_five_hundred(run: Run) -> None:
    run.ask()
    (first,) = run.entries
    os.utime(first, (time.time() - 60,) * 2)
    for n in range(500):
        (first.parent / f"{n}.json").touch()
    run.ask(replace(QUESTION, words=("new",)))
    assert len(run.entries) == 500
    assert first not in run.entries, "the oldest of them goes"


def hint(run: Run, words: str | None = None) -> str:
    """What another command finds, after one has left `words`."""
    clock = FakeClock()
    with EvidenceFile(
        run.report / "hints.jsonl", run.redactor, clock, {"commit": "c", "dirty": False}
    ) as log:
        files = LocalFiles(Unrecorded(run.redactor, clock), run.place)
        place, identity = run.place / "kept", lambda _: run.identity
        kept = KeptOnDisk(place, lambda: run.ground, identity, log, run.redactor, files, run.clock)
        if words is not None:
            kept.leave_hint(QUESTION, words)
        return kept.hint(QUESTION)


def test_a_hint_is_there_for_the_same_question_of_the_same_program(run: Run) -> None:
    assert hint(run) == ""
    assert hint(run, "a b") == "a b"
    assert hint(run, "c") == hint(run) == "c"
    run.identity = "lint 2.0"
    assert hint(run) == ""


def test_a_hint_that_holds_a_secret_or_cannot_be_written_is_not_kept(run: Run) -> None:
    assert hint(run, SECRET) == ""
    (run.place / "kept").write_text("no directory")
    assert hint(run, "a") == ""


def test_hints_that_nobody_left_for_two_weeks_go(run: Run) -> None:
    hint(run, "a")
    (left,) = run.entries
    os.utime(left, (time.time() - 15 * 86400,) * 2)
    run.ask()
    assert left not in run.entries


def result_of(check: str) -> Question:
    return Question("hotelctl", ("check", check), {"commit": b"c1"})


@pytest.fixture
def measured(run: Run) -> datetime:
    """When two results that stand on the same record were had; both are kept."""
    with run.command() as (kept, log):
        evidence = log.record("process", {"argv": ["build"]}, "built\n")
        for check in ("BLD003", "BLD004"):
            kept.keep(str, result_of(check), "pass", (evidence,))
    return run.clock.now()


def test_a_result_is_found_again_and_evidence_of_several_is_recorded_once(
    run: Run, measured: datetime
) -> None:
    with run.command() as (kept, _):
        first, second = (kept.again(str, result_of(one), measured) for one in ("BLD003", "BLD004"))
        assert first is not None
        assert first == second
        assert (first.answer, kept.since(first.evidence)) == ("pass", measured)
    (told,) = run.records()
    assert told["cached"]["report"] == "r1"
    assert (run.report / told["output"]["path"]).read_text() == "built\n"


def test_a_result_of_before_that_day_is_none_and_so_is_that_of_another_check(
    run: Run, measured: datetime
) -> None:
    with run.command() as (kept, _):
        assert kept.again(str, result_of("BLD003"), measured + timedelta(seconds=1)) is None
        assert kept.again(str, result_of("BLD005"), measured) is None
    assert run.records() == ()


def test_a_result_that_was_had_while_the_clock_was_ahead_is_none(run: Run, measured: datetime) -> None:
    run.clock.advance(-120)
    with run.command() as (kept, _):
        assert kept.again(str, result_of("BLD003"), measured - timedelta(days=1)) is None
    with run.command() as (kept, _):
        assert kept.again(str, result_of("BLD003"), measured - timedelta(days=1)) is not None
