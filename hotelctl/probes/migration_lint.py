"""squawk's judgement of the statements that the pending migrations sent."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import groupby

from hotelctl.core.errors import Unavailable
from hotelctl.facts import migration_lint as squawk
from hotelctl.facts.migration_lint import MigrationLint, MigrationRemark
from hotelctl.facts.migration_run import MigrationRun, WrittenStatement
from hotelctl.facts.sql_split import first_words
from hotelctl.probes.context import Context
from hotelctl.probes.said_of_file import Program, said_of_file

_SETTINGS = "squawk.toml"
# It reads a book of rows in seconds; only a statement of a million parts keeps it for minutes.
_LIMIT_S = 30.0
_BOUNDS = {(word,) for word in ("begin", "start", "commit", "end", "rollback", "abort")}


def migration_lint(context: Context, run: MigrationRun) -> MigrationLint:
    """Its remarks on each revision's statements, held against what the shadow run saw of them.

    It reads SQL, so what Alembic, or a program of its own, sends is judged as it was sent. No settings of
    the project are heeded.
    """
    context.files.write_durable(context.workspace / _SETTINGS, b"")
    found: list[MigrationRemark] = []
    doubts: dict[str, str] = {}
    sent_ones = [one for one in run.watched if not _is_bound(one)]
    for number, (revision, group) in enumerate(groupby(sent_ones, key=lambda one: one.revision)):
        statements = tuple(group)
        sent = f"sent-{number}.sql"
        text, lines = _as_file(statements)
        context.files.write_durable(context.workspace / sent, text.encode())
        words = squawk.command(sent, _SETTINGS)
        program = Program(
            squawk.PROGRAM, tuple[MigrationRemark, ...], partial(squawk.remarks, sent), _LIMIT_S
        )
        try:
            said = said_of_file(program, words, context.workspace, context)
        except Unavailable as trouble:
            doubts[statements[0].path or revision] = trouble.reason
            continue
        found += _placed(said, statements, lines)
    return MigrationLint((squawk.PROGRAM, *squawk.command("", "")[:-1]), tuple(found), doubts)


def _is_bound(one: WrittenStatement) -> bool:
    """Whether it only begins or ends a transaction: squawk is told that there is one around the file."""
    return first_words(one.sql, 1) in _BOUNDS


def _as_file(statements: tuple[WrittenStatement, ...]) -> tuple[str, tuple[int, ...]]:
    """All of them below one another, and the line of each, from 1."""
    lines, line = [], 1
    texts = [f"{one.sql.strip()};\n" for one in statements]
    for text in texts:
        lines.append(line)
        line += text.count("\n")
    return "".join(texts), tuple(lines)


def _placed(
    said: tuple[MigrationRemark, ...], statements: tuple[WrittenStatement, ...], lines: tuple[int, ...]
) -> Iterator[MigrationRemark]:
    """The same at the places where the statements are written."""
    for remark in said:
        at = bisect_right(lines, remark.line or 1) - 1
        one = statements[at]
        # Of SQL that a program makes, only the call has a line.
        within = (remark.line or 1) - lines[at] if one.path.endswith(".sql") else 0
        line = None if one.line is None else one.line + within
        yield replace(
            remark,
            path=one.path or one.revision,
            line=line,
            seen=squawk.seen(remark.rule, one.kinds),
        )
