"""The validation that a deploy stands on."""

from collections.abc import Iterator
from datetime import timedelta

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.ports import WorkTree
from hotelctl.facts.validation import FreshValidation, Validation, read_validation
from hotelctl.probes.context import Context

_MOST = 50


def fresh_validation(context: Context, tree: WorkTree) -> FreshValidation:
    """The newest of this environment, among the newest reports.

    Raises:
        NotApplicable: no deploy asks, or the environment does not want one.
        Unavailable: a report cannot be read.

    """
    if not context.deploying:
        raise NotApplicable("it is asked before a deploy: a validation is the evidence itself")
    configuration = context.configuration
    hours = configuration.environment.validated_within_h
    if hours is None:
        name = f"environments.{configuration.environment_name}.validated_within_h"
        raise NotApplicable(configuration.names_no(f"validation before a deploy, {name}"))
    return FreshValidation(
        newest=next(_validations(context), None),
        reports="reports",
        commit=tree.commit,
        now=context.clock.now(),
        limit=timedelta(hours=hours),
    )


def _validations(context: Context) -> Iterator[Validation]:
    """Newest first."""
    configuration = context.configuration
    found = context.files.glob(configuration.project / "reports", "*/report.json")
    own = [path for path in sorted(found) if path.parent.name != "latest"]
    for path in reversed(own[-_MOST:]):
        shown = str(path.relative_to(configuration.project))
        profile = configuration.environment.profile
        try:
            one = read_validation(shown, context.files.read(path), configuration.environment_name, profile)
        except (OSError, ValueError) as error:
            raise Unavailable(f"{shown}: cannot be read: {error}") from error
        if one is not None:
            yield one
