"""DB003: migrations build the schema from empty."""

from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.finding import CommandOutput, Finding, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.schema_text import BuiltSchema


@check(
    "DB003",
    "Migrations build the schema from empty",
    severity=Severity.CRITICAL,
    rationale=(
        "A chain that only works on databases with a history can never be restored, tested or set up again."
    ),
    remediation="Run the migrations against an empty database and mend the revision that fails.",
    stage=Stage.BUILD,
)
def migrations_run_from_empty(built: BuiltSchema) -> Iterator[Finding]:
    """A finding when the upgrade of an empty database ended before the newest revision."""
    if not built.ok:
        yield Finding(
            subject=built.revision or "empty",
            message=f"the upgrade from empty stopped after {built.revision or 'nothing'}: {built.why}",
            evidence=(CommandOutput(("migrate", "an empty database"), 1, by_shape(built.why)),),
            fix="createdb scratch, run the migrations there, mend the one that fails",
        )
