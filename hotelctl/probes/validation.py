"""The validation that a deploy stands on."""

from datetime import datetime, timedelta

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.ports import WorkTree
from hotelctl.facts.spoilt_file import SpoiltFile
from hotelctl.facts.validation import (
    FreshValidation,
    StoredReport,
    Validation,
    read_report,
    read_validation,
)
from hotelctl.probes.context import Context

REPORTS = "reports"
"""Below the project; a deploy looks nowhere else."""


def fresh_validation(context: Context, tree: WorkTree) -> FreshValidation:
    """The newest of this environment, among the reports that are not older than the limit.

    Raises:
        NotApplicable: no deploy asks, or the environment does not want one.
        Unavailable: a part of its report is missing.

    """
    if not context.deploying:
        raise NotApplicable("it is asked before a deploy: a validation is the evidence itself")
    configuration = context.configuration
    hours = configuration.environment.validated_within_h
    if hours is None:
        name = f"environments.{configuration.environment_name}.validated_within_h"
        raise NotApplicable(configuration.names_no(f"validation before a deploy, {name}"))
    now, limit = context.clock.now(), timedelta(hours=hours)
    shown, report, spoilt = newest_validation(now - limit, context)
    newest = None if report is None else _read(shown, report)
    return FreshValidation(newest, REPORTS, tree.commit, now, limit, spoilt)


def newest_validation(
    oldest: datetime, context: Context
) -> tuple[str, StoredReport | None, tuple[SpoiltFile, ...]]:
    """The place and the report of the newest validation, and what cannot be read before it.

    Nothing is read behind a report before `oldest`; without a validation the place is empty.
    """
    configuration, spoilt = context.configuration, list[SpoiltFile]()
    found = context.files.glob(configuration.project / REPORTS, "*/report.json")
    for path in reversed([one for one in found if one.parent.name != "latest"]):
        shown = str(path.relative_to(configuration.project))
        try:
            report = read_report(context.files.read(path))
        except (OSError, ValueError) as error:
            spoilt.append(SpoiltFile(shown, str(error)))
            continue
        if report.validates(configuration.environment_name, configuration.environment.profile):
            return shown, report, tuple(spoilt)
        if report.finished_at < oldest:
            break
    return "", None, tuple(spoilt)


def _read(shown: str, report: StoredReport) -> Validation:
    try:
        return read_validation(shown, report)
    except ValueError as error:
        raise Unavailable(str(SpoiltFile(shown, str(error)))) from error
