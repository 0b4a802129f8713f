"""Answers of outside programs below the project's cache directory, one file each, named by its question.

An entry is a line with the digest of all bytes after it, then the answer and the evidence records that it
stands on with their outputs; one that is damaged is thrown away and its question asked again. What holds a
secret, or has no evidence, is not kept. Who cannot write there goes on without.
"""

import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from hotelctl.adapters.evidence import EvidenceFile
from hotelctl.core.errors import HotelctlError
from hotelctl.core.kept import Again, Question
from hotelctl.core.ports import Clock, Files
from hotelctl.core.redact import Redactor
from hotelctl.core.seal import digest

Answer = TypeVar("Answer")

_SCHEMA = "hotelctl.kept/2"
_UNUSED_S = 14 * 24 * 3600.0
_MOST_ENTRIES = 500
# They are those of the report into which a record is written.
_OF_THE_REPORT = ("adapter", "commit", "dirty", "id", "output", "prev_sha256", "seq", "version")


@dataclass(frozen=True, slots=True)
class _Entry(Generic[Answer]):
    """An answer and the records that it stands on, at least one."""

    answer: Answer
    records: tuple[Mapping[str, Any], ...]

    def measured(self) -> tuple[datetime, datetime]:
        """When the first was, and the last. Raises `ValueError`, `TypeError` or `KeyError` for no record."""
        for record in self.records:
            record["adapter"], record["text"], record["report"], record["id"], record["commit"]
        moments = [datetime.fromisoformat(record["started_at"]) for record in self.records]
        return min(moments), max(moments)


@dataclass(slots=True)
class KeptOnDisk:
    """`ground` gives what every answer depends on besides its question; `files` keep no evidence of it.

    `identity` gives of a program a text that is another one when the program is, empty when it is not there:
    then nothing kept is used. Nor is a result of a moment that `clock` says is still to come.
    """

    directory: Path
    ground: Callable[[], Mapping[str, str]]
    identity: Callable[[str], str]
    evidence: EvidenceFile
    redactor: Redactor
    files: Files
    clock: Clock
    _measured: dict[str, datetime] = field(default_factory=dict)
    _told: dict[tuple[str, str], str] = field(default_factory=dict)
    _readers: dict[str, TypeAdapter[Any]] = field(default_factory=dict)
    _telling: threading.Lock = field(default_factory=threading.Lock)

    def once(self, shape: type[Answer], question: Question, ask: Callable[[], Answer]) -> Answer:
        """What `ask` gives, or what it gave to an earlier command for the same question."""
        if (entry := self._entry(shape, question)) is not None:
            for record in entry.records:
                self._tell_again(record)
            return entry.answer
        with self.evidence.scope() as ids:
            answer = ask()
        self.keep(shape, question, answer, ids)
        return answer

    def again(self, shape: type[Answer], question: Question, not_before: datetime) -> Again[Answer] | None:
        """What was kept; evidence that several answers stand on is recorded once for all of them."""
        entry = self._entry(shape, question)
        if entry is None:
            return None
        oldest, newest = entry.measured()
        # Of what was had while the clock was ahead nobody knows how old it is.
        if oldest < not_before or newest > self.clock.now():
            return None
        return Again(entry.answer, tuple(self._told_once(record) for record in entry.records))

    def keep(self, shape: type[Answer], question: Question, answer: Answer, evidence: Iterable[str]) -> None:
        """The next command finds it, if it holds no secret and stands on something."""
        records = [{**record, "text": text} for record, text in self.evidence.told(evidence)]
        # Only now: the first question may be what made the program be there. One that is not is never kept.
        asked, plain = self._plain(shape, question), self._reader(shape).dump_python(answer, mode="json")
        entry = {"schema": _SCHEMA, "question": asked, "answer": plain, "records": records}
        text = json.dumps(entry)
        if asked["program"][1] and records and self.redactor(text) == text:
            # The answer stands, whether it can be kept or not.
            with suppress(HotelctlError, OSError):
                self.files.write_durable(self._place(asked), _sealed(text.encode()), 0o600)
                self._prune()

    def since(self, evidence: Iterable[str]) -> datetime | None:
        """When the oldest kept record among these was measured; None for none that was kept."""
        return min((self._measured[one] for one in evidence if one in self._measured), default=None)

    def hint(self, question: Question) -> str:
        """What was left there last; empty for nothing, or for what cannot be read."""
        try:
            return self._hint_place(question).read_text()
        except (OSError, ValueError):
            return ""

    def leave_hint(self, question: Question, words: str) -> None:
        """`words` are there for the next command, unless they hold a secret or the disk refuses."""
        if self.redactor(words) == words:
            with suppress(HotelctlError, OSError):
                self.files.write_durable(self._hint_place(question), words.encode(), 0o600)

    def _hint_place(self, question: Question) -> Path:
        return self._place(self._plain(str, question)).with_suffix(".hint")

    def _place(self, asked: Mapping[str, Any]) -> Path:
        return self.directory / f"{digest(asked).removeprefix('sha256:')}.json"

    def _plain(self, shape: type[Any], question: Question) -> dict[str, Any]:
        return {
            "shape": str(shape),
            "ground": dict(self.ground()),
            "program": [question.program, self.identity(question.program)],
            "words": list(question.words),
            "inputs": {name: sha256(data).hexdigest() for name, data in question.inputs.items()},
        }

    def _entry(self, shape: type[Answer], question: Question) -> "_Entry[Answer] | None":
        asked = self._plain(shape, question)
        path, reader = self._place(asked), self._reader(shape)
        try:
            found = _read(path, asked)
            entry = _Entry(reader.validate_python(found["answer"]), tuple(found["records"]))
            entry.measured()
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError):
            with suppress(HotelctlError, OSError):
                self.files.remove(path)
            return None
        with suppress(OSError):
            path.touch()
        return entry

    def _reader(self, shape: type[Answer]) -> TypeAdapter[Answer]:
        """Made once for each shape: that takes longer than to read what it is for."""
        name = str(shape)
        if name not in self._readers:
            self._readers[name] = TypeAdapter(shape)
        return self._readers[name]

    def _told_once(self, record: Mapping[str, Any]) -> str:
        was = (str(record["report"]), str(record["id"]))
        with self._telling:
            if was not in self._told:
                self._told[was] = self._tell_again(record)
            return self._told[was]

    def _tell_again(self, record: Mapping[str, Any]) -> str:
        was = {"report": record["report"], "evidence": record["id"], "commit": record["commit"]}
        told = {key: value for key, value in record.items() if key not in (*_OF_THE_REPORT, "text", "report")}
        evidence_id = self.evidence.record(record["adapter"], {**told, "cached": was}, record["text"])
        self._measured[evidence_id] = datetime.fromisoformat(record["started_at"])
        return evidence_id

    def _prune(self) -> None:
        """What was not used for two weeks goes, and of the rest all but the newest."""
        aged = sorted(((p.stat().st_mtime, p) for p in self.directory.glob("*.*")), reverse=True)
        unused = time.time() - _UNUSED_S
        for number, (used, path) in enumerate(aged):
            if used < unused or number >= _MOST_ENTRIES:
                self.files.remove(path)


def _read(path: Path, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The entry. Raises `OSError`, or `ValueError`, `TypeError` or `KeyError` for one that is damaged."""
    data = path.read_bytes()
    body = data.partition(b"\n")[2]
    if data != _sealed(body):
        raise ValueError(path.name)
    entry: dict[str, Any] = json.loads(body)
    if entry["schema"] != _SCHEMA or entry["question"] != asked:
        raise ValueError(path.name)
    return entry


# Over the bytes as they lie there: putting megabytes into a canonical form takes longer than reading them.
def _sealed(body: bytes) -> bytes:
    return sha256(body).hexdigest().encode() + b"\n" + body
