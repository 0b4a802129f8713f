"""The sign-offs of the validation that a deploy stands on."""

from datetime import UTC, datetime

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.ports import WorkTree
from hotelctl.core.seal import report_digest
from hotelctl.facts.signoff import Signoffs, signoffs_of, why_unsigned
from hotelctl.facts.spoilt_file import SpoiltFile
from hotelctl.facts.validation import StoredReport
from hotelctl.probes.context import Context
from hotelctl.probes.signatures import Signatures
from hotelctl.probes.validation import REPORTS, newest_validation

_EVER = datetime(2000, 1, 1, tzinfo=UTC)
_SHORT = 12


def signoffs(context: Context, tree: WorkTree) -> Signoffs:
    """Those of the newest validation of this environment, each judged.

    Raises:
        NotApplicable: no deploy asks, or the environment needs none.
        Unavailable: its report lacks a part, or no signature can be verified here.

    """
    if not context.deploying:
        raise NotApplicable("it is asked before a deploy: people sign off what a validation found")
    configuration = context.configuration
    asked = configuration.environment.approvals
    if not asked.needed:
        name = f"environments.{configuration.environment_name}.approvals"
        raise NotApplicable(configuration.names_no(f"number of approvals, {name}.needed"))
    now = context.clock.now()
    shown, report, _ = newest_validation(_EVER, context)
    missing = _missing(report, tree)
    if report is None or missing:
        place = shown or REPORTS
        return Signoffs(place, missing, "", now, (), asked.needed, asked.roles, now)
    room = context.workspace
    judge = Signatures(context.processes, context.files, configuration.project, asked.signers, room)
    authors = context.repository.authors(tree.commit)
    try:
        held = signoffs_of(report.raw)
    except ValueError as error:
        raise Unavailable(str(SpoiltFile(shown, str(error)))) from error
    found = tuple(judge.judged(one, authors) for one in held)
    digest = report_digest(report.raw)
    return Signoffs(shown, "", digest, report.finished_at, found, asked.needed, asked.roles, now)


def _missing(report: StoredReport | None, tree: WorkTree) -> str:
    if report is None:
        return "holds no validation of all checks here that could be signed off"
    git = report.raw.get("git")
    commit = str(git.get("commit")) if isinstance(git, dict) else ""
    if commit != tree.commit:
        return f"is of {commit[:_SHORT] or 'no commit'}, HEAD is {tree.commit[:_SHORT]}"
    return why_unsigned(str(report.raw.get("verdict")))
