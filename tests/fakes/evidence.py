"""An evidence log in memory, redacted and chained like the real one."""

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from hotelctl.core.chain import GENESIS, digest, encode
from hotelctl.core.redact import Redactor


class FakeEvidence:
    """`records` and `outputs` (by id) are for tests to look at."""

    def __init__(self, redactor: Redactor | None = None) -> None:
        self._redact = redactor or Redactor()
        self._head = GENESIS
        self._guard = threading.Lock()
        self._local = threading.local()
        self.records: list[dict[str, Any]] = []
        self.outputs: dict[str, str] = {}

    def __getstate__(self) -> dict[str, Any]:
        """What a copy has as well: records, but not what belongs to threads."""
        return {name: value for name, value in vars(self).items() if name not in ("_guard", "_local")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """The copy has its own guard, and no scope is open in it."""
        vars(self).update(state, _guard=threading.Lock(), _local=threading.local())

    @property
    def head(self) -> str:
        """The digest of the newest record."""
        return f"sha256:{self._head}"

    def record(self, adapter: str, data: Mapping[str, Any], output: str | None = None) -> str:
        """Keep one record; its id tells the order."""
        with self._guard:
            seq = len(self.records) + 1
            evidence_id = f"ev-{seq:04}"
            record = {**self._clean(dict(data)), "id": evidence_id, "adapter": adapter}
            self._head = digest(encode(record, seq, self._head))
            self.records.append(record)
            if output is not None:
                self.outputs[evidence_id] = self._redact(output)
        self.adopt([evidence_id])
        return evidence_id

    def adopt(self, ids: Iterable[str]) -> None:
        """What another thread recorded counts in this thread's scopes."""
        for collected in self._scopes():
            collected.extend(ids)

    @contextmanager
    def scope(self) -> Iterator[list[str]]:
        """Collects this thread's ids."""
        ids: list[str] = []
        self._scopes().append(ids)
        try:
            yield ids
        finally:
            self._local.scopes = [kept for kept in self._scopes() if kept is not ids]

    def of(self, adapter: str) -> list[dict[str, Any]]:
        """The records of one adapter."""
        return [record for record in self.records if record["adapter"] == adapter]

    def _scopes(self) -> list[list[str]]:
        if not hasattr(self._local, "scopes"):
            self._local.scopes = []
        scopes: list[list[str]] = self._local.scopes
        return scopes

    def _clean(self, value: Any) -> Any:  # noqa: ANN401 - JSON is any shape
        if isinstance(value, Mapping):
            return {str(key): self._clean(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self._clean(item) for item in value]
        return value if value is None or isinstance(value, bool | int | float) else self._redact(str(value))
