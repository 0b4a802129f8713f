"""DB002: the service's model equals what its migrations build."""

from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.finding import CommandOutput, Finding, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.schema_text import BuiltSchema


@check(
    "DB002",
    "The service's model equals what its migrations build",
    severity=Severity.HIGH,
    rationale="Code that expects a column which no migration makes fails at the first request that needs it.",
    remediation="Write the missing migration, or correct the model.",
    stage=Stage.BUILD,
)
def model_equals_migrations(built: BuiltSchema) -> Iterator[Finding]:
    """A finding when the service's own comparison with a freshly built database ends with a difference."""
    if not built.ok:
        raise Unavailable("the migrations do not run from empty, so there is nothing to compare with")
    if built.model_exit is None:
        raise NotApplicable("the service file names no migrations.model_check")
    if built.model_exit != 0:
        last = built.model_words.strip().rpartition("\n")[2] or "it said nothing"
        yield Finding(
            subject="model",
            message=f"the model differs from the migrations: {last}",
            evidence=(CommandOutput(built.model_argv, built.model_exit, by_shape(built.model_words)),),
            fix="alembic revision --autogenerate -m 'what the model has'",
        )
