"""squawk's judgement of SQL migrations: how it is called, and what its answer means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Completed
from hotelctl.facts.hazard import HazardKind
from hotelctl.facts.program_answer import ended, json_of, last_words

PROGRAM = "squawk"
_UNREAD = "syntax-error"
# What is a matter of taste, and limits of time: hotelctl itself sets one around each file.
_LEFT_OUT = (
    "ban-char-field",
    "prefer-bigint-over-int",
    "prefer-bigint-over-smallint",
    "prefer-identity",
    "prefer-robust-stmts",
    "prefer-text-field",
    "prefer-timestamp-tz",
    "require-lock-timeout",
    "require-statement-timeout",
    "require-timeout-settings",
)


# By rule what the shadow run would have seen, if the rule were right about a statement.
_MEASURED: Mapping[str, frozenset[HazardKind]] = {
    "require-concurrent-index-creation": frozenset({HazardKind.INDEX_BUILD}),
    "require-concurrent-index-deletion": frozenset(),
    "require-concurrent-reindex": frozenset({HazardKind.INDEX_BUILD}),
    "changing-column-type": frozenset({HazardKind.REWRITE, HazardKind.SCAN, HazardKind.INDEX_BUILD}),
    "adding-field-with-default": frozenset({HazardKind.REWRITE}),
    "adding-serial-primary-key-field": frozenset({HazardKind.REWRITE, HazardKind.INDEX_BUILD}),
    "adding-not-nullable-field": frozenset({HazardKind.SCAN}),
    "adding-foreign-key-constraint": frozenset({HazardKind.SCAN}),
    "constraint-missing-not-valid": frozenset({HazardKind.SCAN, HazardKind.INDEX_BUILD}),
    "disallowed-unique-constraint": frozenset({HazardKind.INDEX_BUILD}),
    "ban-concurrent-index-creation-in-transaction": frozenset({HazardKind.CANNOT_RUN}),
    "ban-drop-column": frozenset({HazardKind.DATA_LOSS}),
    "ban-drop-table": frozenset({HazardKind.DATA_LOSS}),
    "ban-truncate-cascade": frozenset({HazardKind.DATA_LOSS}),
}


@dataclass(frozen=True, slots=True)
class MigrationRemark:
    """One of its findings about a statement; `line` counts from 1, `help` is empty where it knows no remedy.

    `seen` says whether the shadow run saw the hazard, None where it does not look for what the rule is about.
    """

    rule: str
    level: str
    path: str
    line: int | None
    message: str
    help: str
    seen: bool | None = None


@dataclass(frozen=True, slots=True)
class MigrationLint:
    """What it found in the statements that it judged; `doubts` says by path why it could not judge some."""

    argv: tuple[str, ...]
    remarks: tuple[MigrationRemark, ...]
    doubts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def seen(rule: str, kinds: frozenset[HazardKind]) -> bool | None:
    """Whether a statement of these measured hazards does what the rule is about; None: nobody measured it."""
    expected = _MEASURED.get(rule)
    return None if expected is None else bool(expected & kinds)


def command(path: str, settings: str) -> tuple[str, ...]:
    """The words of a run on one file that is applied in one transaction; `settings` is an empty file.

    One file a run: of several it leaves out those that it cannot find. Without a file of settings it would
    look for one, which may leave everything out.
    """
    words = ("--config", settings, "--reporter", "json", "--assume-in-transaction")
    return (*words, "--exclude", ",".join(_LEFT_OUT), path)


def remarks(path: str, done: Completed) -> tuple[MigrationRemark, ...]:
    """What it found in the file at `path`, what comments there keep back left out.

    It ends with 1 also where it found no file, and then prints nothing.

    Raises:
        Unavailable: it was killed, crashed or complained, cannot read the SQL, or its answer contradicts
            the code that it ended with.

    """
    code = ended(PROGRAM, done, (0, 1))
    if done.stderr.strip():
        raise Unavailable(f"{PROGRAM} complained{last_words(done)}")
    items = json_of(PROGRAM, done.stdout)
    try:
        found = tuple(_remark(item) for item in items)
    except (KeyError, TypeError, ValueError) as error:
        raise Unavailable(f"{PROGRAM}'s answer is not the JSON that it promises") from error
    if broken := next((one for one in found if one.rule == _UNREAD), None):
        raise Unavailable(f"{PROGRAM} cannot read line {broken.line}: {broken.message}")
    if (code == 0) is bool(found) or any(one.path != path for one in found):
        raise Unavailable(f"{PROGRAM} ended with {code} and named {len(found)} findings")
    return found


def _remark(item: Any) -> MigrationRemark:  # noqa: ANN401 - JSON is any shape
    return MigrationRemark(
        rule=str(item["rule_name"]),
        level=str(item["level"]).lower(),
        path=str(item["file"]),
        line=int(item["line"]) + 1,
        message=str(item["message"]),
        help=str(item["help"] or ""),
    )
