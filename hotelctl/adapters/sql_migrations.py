"""Plain SQL migrations: files in name order, one transaction each, a ledger that knows their digests.

A file with the line `-- hotelctl: no-transaction` is no transaction: its statements are done one by one, and
all of them again where one failed.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from hotelctl.adapters.ledger import keeps
from hotelctl.core.errors import HotelctlError, Unavailable
from hotelctl.core.ports import Databases, Files
from hotelctl.core.work import Migrated
from hotelctl.facts.migration_set import LEDGERS
from hotelctl.facts.sql_split import first_words, split_sql

_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*\.sql$")
_TRANSACTION = re.compile(r"(begin|commit|rollback|start\s+transaction|end|abort)\b", re.IGNORECASE)
_NO_TRANSACTION = re.compile(r"^--\s*hotelctl:\s*no-transaction\s*$", re.MULTILINE)
_LOCK_KEY = 7_301_925_544
_LEDGER = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    name text PRIMARY KEY,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""
_HEAD = f"SET LOCAL lock_timeout = '3s';\nSELECT pg_advisory_xact_lock({_LOCK_KEY});\n"


class SqlMigrations:
    """Applies a directory of `*.sql` to a database, each file once."""

    def __init__(self, databases: Databases, files: Files) -> None:
        """Keep the ports."""
        self._databases = databases
        self._files = files

    def applied(self, url: str) -> dict[str, str]:
        """The digests of the applied files, by name, in the order of their names."""
        if not keeps(self._databases, url, LEDGERS["sql"]):
            return {}
        rows = self._databases.query(
            url, 'SELECT name, sha256 FROM schema_migrations ORDER BY name COLLATE "C"'
        )
        return {str(name): str(digest) for name, digest in rows.values}

    def migrate(self, directory: Path, url: str, revision: str | None = None) -> Migrated:
        """All files up to `revision` are applied. An applied file that was edited or is gone is refused."""
        done: list[str] = []
        known: dict[str, str] = {}
        name = ""
        try:
            known = self.applied(url)
            texts = {path.name: self._files.read(path) for path in self._files.glob(directory, "*.sql")}
            if why := next(_refusals(texts, known, revision), None):
                return Migrated(ok=False, revision=_last(known), applied=(), why=why)
            for name in sorted(texts):
                if name not in known and (revision is None or name <= revision):
                    self._apply(url, name, texts[name])
                    done.append(name)
            return Migrated(ok=True, revision=_last(self.applied(url)), applied=tuple(done))
        except (HotelctlError, Unavailable) as error:
            reached = _last(known | dict.fromkeys(done, ""))
            why = f"{name}: {error}" if name else str(error)
            return Migrated(ok=False, revision=reached, applied=tuple(done), why=why)

    def _apply(self, url: str, name: str, text: bytes) -> None:
        self._databases.execute(url, _HEAD + _LEDGER)
        # The primary key of the ledger refuses the second of two who wanted to apply the same file.
        note = f"INSERT INTO schema_migrations (name, sha256) VALUES ('{name}', '{_digest(text)}')"  # noqa: S608 - both match fixed patterns
        if not _stands_alone(text):
            self._databases.execute(url, f"{_HEAD}{text.decode()}\n;\n{note}")
            return
        self._databases.execute_each(url, [one.text for one in split_sql(text.decode())])
        self._databases.execute(url, f"{_HEAD}{note}")


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def _stands_alone(text: bytes) -> bool:
    """Whether the file says that its statements are no transaction, as those that build concurrently need."""
    return _NO_TRANSACTION.search(text.decode(errors="replace")) is not None


def _own_transaction(text: bytes) -> str:
    """The first statement that would end the transaction around the file; empty for none."""
    found = (" ".join(first_words(one.text, 2)) for one in split_sql(text.decode(errors="replace")))
    return next((hit[0].upper() for words in found if (hit := _TRANSACTION.match(words))), "")


def _undecodable(text: bytes) -> str:
    """Why it is no text; empty where it is."""
    try:
        text.decode()
    except UnicodeDecodeError as error:
        return f"line {text.count(bytes([10]), 0, error.start) + 1}: is not UTF-8; save it as UTF-8"
    return ""


def _last(known: dict[str, str]) -> str | None:
    return max(known, default=None)


def _refusals(texts: dict[str, bytes], known: dict[str, str], revision: str | None) -> Iterator[str]:
    """Why the directory may not be applied to a database that has `known`."""
    for name, text in sorted(texts.items()):
        if not _NAME.match(name):
            yield f"{name}: a migration's name holds letters, digits, dot, dash and underscore only"
        if why := _undecodable(text):
            yield f"{name}: {why}"
        if ends := _own_transaction(text):
            yield f"{name}: holds {ends}; each file is one transaction already"
        if name in known and known[name] != _digest(text):
            yield f"{name}: was edited after it had been applied"
        if name not in known and known and name < max(known):
            yield f"{name}: stands before {max(known)}, which is applied already"
    yield from (f"{name}: is applied but its file is gone" for name in sorted(set(known) - set(texts)))
    if revision is not None and revision not in texts:
        yield f"{revision}: no such migration file"
