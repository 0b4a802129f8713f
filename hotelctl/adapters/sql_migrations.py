"""Plain SQL migrations: files in name order, one transaction each, a ledger that knows their digests.

A file with the line `-- hotelctl: no-transaction` is no transaction: its statements are done one by one, and
all of them again where one failed. An index that such a build left invalid is dropped and built anew.
"""

import hashlib
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from hotelctl.adapters.ledger import keeps
from hotelctl.core.errors import HotelctlError, Unavailable, WaitedForLock
from hotelctl.core.lazily import lazily
from hotelctl.core.ports import Databases, Files
from hotelctl.core.work import Migrated
from hotelctl.facts.migration_set import LEDGERS
from hotelctl.facts.sql_layout import OWN_LEDGER, SQL_LAYOUTS, SqlLayout

if TYPE_CHECKING:
    from hotelctl.adapters import broken_builds
    from hotelctl.facts import sql_split
else:
    # Who only asks how far a database is needs none of its patterns.
    broken_builds, sql_split = (
        lazily("hotelctl.adapters.broken_builds"),
        lazily("hotelctl.facts.sql_split"),
    )

_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
# Back to a savepoint the transaction goes on.
_TRANSACTION = re.compile(
    r"(begin|commit|rollback(?!(\s+(work|transaction))?\s+to\b)|start\s+transaction|prepare\s+transaction|end|abort)\b",
    re.IGNORECASE,
)
# Most files hold none of these, and a file may be large.
_MAYBE = re.compile(r"\b(?:begin|commit|rollback|start|prepare|end|abort)\b", re.IGNORECASE)
_CONCURRENTLY = "concurrently"
_NO_TRANSACTION = re.compile(r"^--\s*hotelctl:\s*no-transaction\s*$", re.MULTILINE)
_LOCK_KEY = 7_301_925_544
# Whoever waits keeps all who come later waiting, so each try is short, and others have their turn between.
_PAUSES_S = (1.0, 2.0, 4.0, 8.0, 16.0)
_HEAD = f"SET LOCAL lock_timeout = '3s';\nSELECT pg_advisory_xact_lock({_LOCK_KEY});\n"


class SqlMigrations:
    """Applies a directory of SQL migrations to a database, each once.

    Those of another tool are run on throw-away databases only, where hotelctl keeps a ledger of its own.
    """

    def __init__(self, databases: Databases, files: Files, kind: str = "sql") -> None:
        """Keep the ports; `kind` is one of `SQL_LAYOUTS`."""
        self._databases = databases
        self._files = files
        self._kind = kind
        self._layout = SQL_LAYOUTS[kind]

    def revisions(self, url: str) -> tuple[str, ...]:
        """What the ledger of the migrations' own tool says, in the order in which they run."""
        return tuple(self._read(url, self._kind))

    def applied(self, url: str) -> dict[str, str]:
        """The digests of the migrations in our own ledger, by name, in the order in which they run."""
        return self._read(url, "sql")

    def _read(self, url: str, kind: str) -> dict[str, str]:
        if not keeps(self._databases, url, LEDGERS[kind]):
            return {}
        rows = self._databases.query(url, SQL_LAYOUTS[kind].applied)
        found = {str(name): str(digest) for name, digest in rows.values}
        return {name: found[name] for name in self._layout.sorted(found)}

    def migrate(self, directory: Path, url: str, revision: str | None = None) -> Migrated:
        """All files up to `revision` are applied. An applied file that was edited or is gone is refused."""
        done: list[str] = []
        known: dict[str, str] = {}
        name = ""
        try:
            known = self.applied(url)
            texts = self._texts(directory)
            if why := next(_refusals(self._layout, texts, known, revision), None):
                return Migrated(ok=False, revision=self._last(known), applied=(), why=why)
            for name in texts:
                if name not in known and (revision is None or not self._layout.before(revision, name)):
                    self._apply(url, name, texts[name])
                    done.append(name)
            return Migrated(ok=True, revision=self._last(self.applied(url)), applied=tuple(done))
        except (HotelctlError, Unavailable) as error:
            reached = self._last(known | dict.fromkeys(done, ""))
            why = f"{name}: {error}" if name else str(error)
            return Migrated(ok=False, revision=reached, applied=tuple(done), why=why)

    def _texts(self, directory: Path) -> dict[str, bytes]:
        """What stands in each migration, by name, in the order in which they run."""
        paths = {str(path): path for path in self._files.glob(directory, self._layout.pattern)}
        return {name: self._files.read(paths[path]) for name, path in self._layout.named(paths).items()}

    def _last(self, known: dict[str, str]) -> str | None:
        return next(reversed(self._layout.sorted(known)), None)

    def _apply(self, url: str, name: str, text: bytes) -> None:
        self._execute(url, _HEAD + OWN_LEDGER)
        # The primary key of the ledger refuses the second of two who wanted to apply the same file.
        note = f"INSERT INTO schema_migrations (name, sha256) VALUES ('{name}', '{_digest(text)}')"  # noqa: S608 - both match fixed patterns
        words = text.decode("utf-8-sig" if self._layout.marked else "utf-8")
        if not _stands_alone(text) and (self._layout.whole or not _ends_transaction(text)):
            # Whoever waits for a lock as another tool runs the file has no limit of ours.
            head = _HEAD if self._layout.whole else ""
            self._execute(url, f"{head}{words}\n;\n{note}")
            return
        statements = [one.text for one in sql_split.split_sql(words)]
        broken_builds.clear_broken(self._databases, url, statements)
        self._databases.execute_each(url, statements)
        broken_builds.require_valid(self._databases, url, statements)
        self._execute(url, f"{_HEAD}{note}")

    def _execute(self, url: str, transaction: str) -> None:
        """All of it is done; one that waited for a lock in vain is tried again when others had their turn.

        Raises:
            StepFailed: as `Databases.execute`; the last try waited for a lock in vain, too.
            Unavailable: no server, or no log-in.

        """
        for pause_s in _PAUSES_S:
            try:
                self._databases.execute(url, transaction)
            except WaitedForLock:
                time.sleep(pause_s)
            else:
                return
        try:
            self._databases.execute(url, transaction)
        except WaitedForLock as error:
            raise WaitedForLock(f"{error.message}, tried {len(_PAUSES_S) + 1} times", error.hint) from error


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def _stands_alone(text: bytes) -> bool:
    """Whether the file says that its statements are no transaction, as those that build concurrently need."""
    return _NO_TRANSACTION.search(text.decode(errors="replace")) is not None


def _ends_transaction(text: bytes) -> bool:
    """Whether it says when transactions end, or needs that there is none."""
    words = text.decode(errors="replace")
    return bool(_own_transaction(text)) or _CONCURRENTLY in sql_split.all_words(words)


def _own_transaction(text: bytes) -> str:
    """The first statement that would end the transaction around the file; empty for none."""
    words = text.decode(errors="replace")
    if not _MAYBE.search(words):
        return ""
    found = (" ".join(sql_split.first_words(one.text)) for one in sql_split.split_sql(words))
    return next((hit[0].upper() for words in found if (hit := _TRANSACTION.match(words))), "")


def _undecodable(text: bytes) -> str:
    """Why it is no text; empty where it is."""
    try:
        text.decode()
    except UnicodeDecodeError as error:
        return f"line {text.count(bytes([10]), 0, error.start) + 1}: is not UTF-8; save it as UTF-8"
    return ""


def _refusals(
    layout: SqlLayout, texts: dict[str, bytes], known: dict[str, str], revision: str | None
) -> Iterator[str]:
    """Why the directory may not be applied to a database that has `known`."""
    newest = next((one for one in reversed(layout.sorted(known)) if not layout.again(one)), "")
    for name, text in texts.items():
        if not _NAME.match(name):
            yield f"{name}: a migration's name holds letters, digits, dot, dash and underscore only"
        if why := _undecodable(text):
            yield f"{name}: {why}"
        if layout.whole and (ends := _own_transaction(text)):
            yield f"{name}: holds {ends}; each file is one transaction already"
        if known.get(name) and known[name] != _digest(text):
            yield f"{name}: was edited after it had been applied"
        may = layout.late or layout.again(name)
        if name not in known and newest and layout.before(name, newest) and not may:
            yield f"{name}: stands before {newest}, which is applied already"
    yield from (f"{name}: is applied but its file is gone" for name in sorted(set(known) - set(texts)))
    if revision is not None and revision not in texts:
        yield f"{revision}: no such migration file"
