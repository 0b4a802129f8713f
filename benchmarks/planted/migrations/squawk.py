"""What squawk says of the cases, in the words of the labels.

`python -m benchmarks.planted.migrations.squawk PROGRAM` prints how right it is, for each half.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks.planted.migrations import cases as known
from benchmarks.planted.migrations.cases import PARTS, MigrationCase, of_part
from benchmarks.planted.migrations.score import score
from hotelctl.facts import migration_lint

_DOMAIN = frozenset({known.REWRITE, known.SCAN})
MEANT: Mapping[str, frozenset[str]] = {
    "adding-field-with-default": frozenset({known.REWRITE}),
    "adding-foreign-key-constraint": frozenset({known.SCAN}),
    "adding-not-nullable-field": frozenset({known.SCAN}),
    "adding-serial-primary-key-field": frozenset({known.INDEX_BUILD, known.REWRITE}),
    "ban-alter-domain-with-add-constraint": _DOMAIN,
    "ban-concurrent-index-creation-in-transaction": frozenset({known.CANNOT_RUN}),
    "ban-create-domain-with-constraint": _DOMAIN,
    "ban-drop-column": frozenset({known.DATA_LOSS}),
    "ban-drop-database": frozenset({known.DATA_LOSS}),
    "ban-drop-domain": frozenset({known.DATA_LOSS}),
    "ban-drop-schema": frozenset({known.DATA_LOSS}),
    "ban-drop-table": frozenset({known.DATA_LOSS}),
    "ban-drop-type": frozenset({known.DATA_LOSS}),
    "ban-truncate-cascade": frozenset({known.DATA_LOSS}),
    "changing-column-type": frozenset({known.REWRITE, known.CACHED_PLAN}),
    "constraint-missing-not-valid": frozenset({known.SCAN}),
    "disallowed-unique-constraint": frozenset({known.INDEX_BUILD}),
    "prefer-repack": frozenset({known.REWRITE}),
    "require-concurrent-index-creation": frozenset({known.INDEX_BUILD}),
    "require-concurrent-index-deletion": frozenset({known.HELD_LOCK}),
    "require-concurrent-partition-detach": frozenset({known.HELD_LOCK}),
    "require-concurrent-reindex": frozenset({known.INDEX_BUILD}),
}
"""Its rules by what they warn of. Others flag nothing: they speak of names, rights, older clients."""

_IN_TRANSACTION = "--assume-in-transaction"
_UNREAD = "syntax-error"


def rules(case: MigrationCase, program: Path) -> frozenset[str]:
    """The rules that the file breaks, matters of taste and time limits left out as hotelctl leaves them out.

    A file that it cannot read ends the benchmark.
    """
    with tempfile.TemporaryDirectory() as held:
        settings, file = Path(held, "none.toml"), Path(held, "migration.sql")
        settings.touch()
        file.write_text(case.sql, encoding="utf-8")
        words = migration_lint.command(str(file), str(settings))
        if not case.transaction:
            words = tuple(word for word in words if word != _IN_TRANSACTION)
        # The labels are those of this version, so it need not warn of what only older ones do.
        argv = [str(program), "--pg-version", "18", *words]
        done = subprocess.run(argv, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode not in (0, 1) or done.stderr.strip():
        sys.exit(f"squawk ended with {done.returncode} on {case.id}: {done.stderr.strip()[-500:]}")
    found = frozenset(str(one["rule_name"]) for one in json.loads(done.stdout))
    if _UNREAD in found:
        sys.exit(f"squawk cannot read {case.id}")
    return found


def hazards(case: MigrationCase, program: Path) -> frozenset[str]:
    """The labels that it gives the case."""
    return frozenset[str]().union(*(MEANT.get(rule, frozenset()) for rule in rules(case, program)))


def main(program: Path) -> int:
    """One line for each half."""
    for part in PARTS:
        among = of_part(part)
        found = score(among, {case.id: hazards(case, program) for case in among})
        sys.stdout.write(
            f"{part}: precision {found.precision:.3f}, recall {found.recall:.3f}, named {found.naming:.3f} "
            f"({len(found.caught)} caught, {len(found.missed)} missed, {len(found.alarms)} false alarms)\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
