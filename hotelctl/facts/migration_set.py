"""The migrations of a checkout, read from their sources without running them."""

import ast
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hotelctl.core.errors import Unavailable
from hotelctl.core.ledger import Ledger
from hotelctl.facts.sql_layout import SQL_LAYOUTS


@dataclass(frozen=True, slots=True)
class Revision:
    """One migration; `down` names what it stands on, `sha256` its source."""

    id: str
    down: tuple[str, ...]
    path: str
    sha256: str


LEDGERS: Mapping[str, Ledger] = {
    "alembic": Ledger("alembic_version", ("version_num",)),
    "sql": Ledger("schema_migrations", ("name", "sha256")),
    "prisma": Ledger("_prisma_migrations", ("migration_name", "checksum")),
    "flyway": Ledger("flyway_schema_history", ("script", "checksum")),
}
_IDENTIFIER = re.compile(r'"(?P<quoted>(?:[^"]|"")*)"|(?P<bare>[^".]+)')
PATTERNS: Mapping[str, str] = {
    "alembic": "**/*.py",
    **{kind: one.pattern for kind, one in SQL_LAYOUTS.items()},
}
"""Which files of its directory may be migrations, by kind."""


_AND = ", "


def position(kind: str, revisions: Sequence[str]) -> str | None:
    """Where a database is that has these, in one word: all heads of Alembic, the newest of files.

    None where it has none.
    """
    return (_AND.join(sorted(revisions)) if kind == "alembic" else "".join(revisions[-1:])) or None


def positions(word: str) -> tuple[str, ...]:
    """The revisions that such a word names."""
    return tuple(word.split(_AND))


def is_ledger(relation: str, own: str = "") -> bool:
    """Whether a relation, with its schema, is such a table by its name, or the one that is called `own`.

    Both are as SQL writes them; without a schema `own` is of any.
    """
    if relation.rpartition(".")[2] in {ledger.table for ledger in LEDGERS.values()}:
        return True
    named = _identifiers(own)
    return bool(named) and _identifiers(relation)[-len(named) :] == named


def _identifiers(name: str) -> list[str]:
    found = _IDENTIFIER.finditer(name)
    return [one["bare"] or one["quoted"].replace('""', '"') for one in found]


@dataclass(frozen=True, slots=True)
class MigrationSet:
    """All revisions of one directory; `kind` is `alembic`, or one of `SQL_LAYOUTS`."""

    kind: str
    revisions: tuple[Revision, ...]

    @property
    def ids(self) -> frozenset[str]:
        """All known revisions."""
        return frozenset(revision.id for revision in self.revisions)

    @property
    def heads(self) -> tuple[str, ...]:
        """The revisions that nothing stands on, sorted."""
        below = {down for revision in self.revisions for down in revision.down}
        return tuple(sorted(self.ids - below))

    @property
    def repeated(self) -> tuple[str, ...]:
        """Ids that more than one file claims."""
        ids = [revision.id for revision in self.revisions]
        return tuple(sorted({one for one in ids if ids.count(one) > 1}))

    @property
    def dangling(self) -> tuple[Revision, ...]:
        """Revisions that stand on one that is not there."""
        return tuple(one for one in self.revisions if not set(one.down) <= self.ids)

    def above(self, revisions: Iterable[str]) -> tuple[str, ...]:
        """The revisions that a database at these lacks, each behind those that it stands on.

        What is run again whenever it changes is there only where it is named, and says nothing of what runs
        before it: it was there already when that came. Of tools whose ledger names each file, all are so.
        """
        there: set[str] = set()
        named = list(revisions)
        layout = SQL_LAYOUTS.get(self.kind)
        alone = {
            one.id for one in self.revisions if layout is not None and (layout.each or layout.again(one.id))
        }
        waiting = [one for one in named if one not in alone]
        while waiting:
            one = self.at(waiting.pop())
            if one is not None and one.id not in there:
                there.add(one.id)
                waiting += one.down
        there |= alone & set(named)
        lacking = [one for one in self.revisions if one.id not in there]
        # Files are read in the order in which they run.
        found = [one.id for one in lacking] if layout is not None else []
        while ready := [
            one.id for one in lacking if one.id not in found and set(one.down) <= {*there, *found}
        ]:
            found += ready
        return tuple(found)

    def at(self, revision_id: str) -> Revision | None:
        """The revision of that id."""
        return next((one for one in self.revisions if one.id == revision_id), None)


def read_migrations(kind: str, texts: Mapping[str, bytes]) -> MigrationSet:
    """The set of a directory's files by their paths. Raises `Unavailable` as `from_alembic` does."""
    return from_sql(texts, kind) if kind in SQL_LAYOUTS else from_alembic(texts)


def from_sql(texts: Mapping[str, bytes], kind: str = "sql") -> MigrationSet:
    """The set of SQL files by their paths: each migration stands on the one that runs before it."""
    revisions: list[Revision] = []
    for name, path in SQL_LAYOUTS[kind].named(texts).items():
        down = (revisions[-1].id,) if revisions else ()
        revisions.append(Revision(name, down, path, _sha256(texts[path])))
    return MigrationSet(kind, tuple(revisions))


def from_alembic(texts: Mapping[str, bytes]) -> MigrationSet:
    """The set of Alembic revision files by their paths; files without `revision =` are left out.

    Raises:
        Unavailable: a file is not Python, or its identifiers are not literals.

    """
    found = (_revision(path, text) for path, text in sorted(texts.items()))
    return MigrationSet("alembic", tuple(one for one in found if one is not None))


def _sha256(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def _revision(path: str, text: bytes) -> Revision | None:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError) as error:
        raise Unavailable(f"{path}:{getattr(error, 'lineno', 1)}: is not Python: {error}") from error
    names = {name: value for node in tree.body for name, value in _assignment(node)}
    if "revision" not in names:
        return None
    revision = _literal(path, names["revision"])
    down = _literal(path, names["down_revision"]) if "down_revision" in names else None
    if not isinstance(revision, str):
        raise Unavailable(f"{path}:{names['revision'].lineno}: revision is not a text")
    below = (down,) if isinstance(down, str) else tuple(down or ())
    return Revision(revision, below, path, _sha256(text))


def _assignment(node: ast.stmt) -> list[tuple[str, ast.expr]]:
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
        return [(node.target.id, node.value)]
    if isinstance(node, ast.Assign):
        return [(target.id, node.value) for target in node.targets if isinstance(target, ast.Name)]
    return []


def _literal(path: str, node: ast.expr) -> str | tuple[str, ...] | list[str] | None:
    try:
        value: str | tuple[str, ...] | list[str] | None = ast.literal_eval(node)
    except ValueError as error:
        raise Unavailable(f"{path}:{node.lineno}: is not a literal, so the chain cannot be read") from error
    return value
