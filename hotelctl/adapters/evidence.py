"""Evidence on the disk: one chained record an execution, each output in a file of its own.

Nothing is written before the redactor has seen it. A record is handed to the kernel at once, so a
killed hotelctl loses none, and synced to the disk when the log is closed: a power cut may cost the
newest records, which an fsync each of many thousand records is not worth. The journals, which a
resume depends on, are synced record by record.
"""

import hashlib
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Self

from hotelctl.adapters.chained import ChainedFile
from hotelctl.adapters.disk import make_directories, sync_tree, writing
from hotelctl.core.ports import Clock
from hotelctl.core.redact import Redactor

FILE_NAME = "evidence.jsonl"
OUTPUTS = "evidence"
_OWN = ("seq", "prev_sha256", "id", "adapter", "version", "output")


class _Scopes(threading.local):
    """The open scopes of the current thread."""

    def __init__(self) -> None:
        self.open: list[list[str]] = []


class _Log:
    """What a kept and an unkept log share: the redaction and the scopes."""

    def __init__(self, redactor: Redactor, clock: Clock) -> None:
        self._redact = redactor
        self._clock = clock
        self._scopes = _Scopes()

    @contextmanager
    def scope(self) -> Iterator[list[str]]:
        """Collects the ids that this thread records; an outer scope sees those of the inner."""
        ids: list[str] = []
        self._scopes.open.append(ids)
        try:
            yield ids
        finally:
            self._scopes.open = [kept for kept in self._scopes.open if kept is not ids]

    def adopt(self, ids: Iterable[str]) -> None:
        """What another thread recorded counts in the open scopes of this one, too."""
        for evidence_id in ids:
            self._noted(evidence_id)

    def _noted(self, evidence_id: str) -> str:
        for ids in self._scopes.open:
            ids.append(evidence_id)
        return evidence_id

    def _clean(self, value: Any, name: str = "") -> Any:  # noqa: ANN401 - JSON of any shape
        if isinstance(value, Mapping):
            return {self._redact(str(key)): self._clean(item, str(key)) for key, item in value.items()}
        if isinstance(value, list | tuple):
            # Of a command the word before may be an option that says what this one is.
            befores = (str(one) if str(one).startswith("--") else "" for one in ("", *value))
            return [self._clean(item, before) for before, item in zip(befores, value, strict=False)]
        if isinstance(value, set | frozenset):
            return [self._clean(item) for item in value]
        if value is None or isinstance(value, bool | int | float):
            return value
        text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
        # A file's name need not be UTF-8; a record must be.
        return self._redact.beside(name, text.encode("utf-8", "backslashreplace").decode())


class EvidenceFile(_Log):
    """`<report>/evidence.jsonl` and `<report>/evidence/<id>.txt`.

    `context` (commit, dirty and the like) is read anew for each record, so it may be filled while
    the log is in use. Opened again after a crash, the chain and the numbers go on; an output whose
    record the crash prevented is removed. One writer at a time: who opens it holds its report.

    Raises:
        ChainBroken: the file is damaged elsewhere than in a torn last line.

    """

    def __init__(self, path: Path, redactor: Redactor, clock: Clock, context: Mapping[str, Any]) -> None:
        """Open or start the log at `path`, outputs beside it."""
        super().__init__(redactor, clock)
        self._context = context
        self._directory = path.parent
        self._file = ChainedFile(path, synced=False)
        self._guard = threading.Lock()
        self._drop_unrecorded()

    @property
    def head(self) -> str:
        """The digest of the newest record, `sha256:...`."""
        return f"sha256:{self._file.head}"

    def record(self, adapter: str, data: Mapping[str, Any], output: str | None = None) -> str:
        """Append one record and return its id; `started_at` is now unless `data` says otherwise."""
        with self._guard:
            evidence_id = f"ev-{self._file.count + 1:04}"
            body = self._clean({key: value for key, value in data.items() if key not in _OWN})
            defaults = {"started_at": self._clock.now().isoformat(), "duration_ms": 0}
            kept = None if output is None else self._keep(evidence_id, output)
            own = {"id": evidence_id, "adapter": adapter, "version": _version(), "output": kept}
            self._file.append({**defaults, **self._clean(self._context), **body, **own})
        return self._noted(evidence_id)

    def told(self, ids: Iterable[str]) -> tuple[tuple[dict[str, Any], str | None], ...]:
        """The records of these ids as written, each with the name of its report, and its output."""
        wanted = set(ids)
        with self._guard:
            records = [one for one in self._file.records() if one["id"] in wanted]
        return tuple(({**one, "report": self._directory.name}, self._output(one)) for one in records)

    def close(self) -> None:
        """All records and outputs are on the disk."""
        outputs = self._directory / OUTPUTS
        with self._guard:
            if outputs.is_dir():
                sync_tree(outputs)
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _drop_unrecorded(self) -> None:
        outputs = self._directory / OUTPUTS
        if outputs.is_dir():
            recorded = {(record.get("output") or {}).get("path") for record in self._file.records()}
            for path in outputs.iterdir():
                if f"{OUTPUTS}/{path.name}" not in recorded:
                    path.unlink(missing_ok=True)

    def _output(self, record: Mapping[str, Any]) -> str | None:
        kept = record["output"]
        return None if kept is None else (self._directory / kept["path"]).read_bytes().decode()

    def _keep(self, evidence_id: str, output: str) -> dict[str, Any]:
        text, redactions = self._redact.count(output)
        content = text.encode("utf-8", "backslashreplace")
        path = self._directory / OUTPUTS / f"{evidence_id}.txt"
        make_directories(path.parent)
        with writing(path):
            path.write_bytes(content)
        return {
            "path": f"{OUTPUTS}/{path.name}",
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "redactions": redactions,
        }


class Unrecorded(_Log):
    """For commands that write no report: ids are counted and nothing is kept."""

    def __init__(self, redactor: Redactor, clock: Clock) -> None:
        """Start at `ev-0001`."""
        super().__init__(redactor, clock)
        self._count = 0
        self._guard = threading.Lock()

    @property
    def head(self) -> str:
        """Empty: there is no record."""
        return ""

    def record(self, adapter: str, data: Mapping[str, Any], output: str | None = None) -> str:  # noqa: ARG002 - the port's signature
        """The next id."""
        with self._guard:
            self._count += 1
            evidence_id = f"ev-{self._count:04}"
        return self._noted(evidence_id)


@cache
def _version() -> str:
    """The version of hotelctl, which is the version of its adapters."""
    try:
        return version("hotelctl")
    except PackageNotFoundError:
        return "unknown"
