"""zizmor's audit of the project's GitHub workflows."""

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.facts import workflow_audit as zizmor
from hotelctl.facts.workflow_audit import WorkflowAudit, WorkflowFinding
from hotelctl.probes.context import Context
from hotelctl.probes.said_of_file import Program, said_of_file

_PATTERNS = (
    ".github/workflows/*.yml",
    ".github/workflows/*.yaml",
    ".github/actions/**/action.yml",
    ".github/actions/**/action.yaml",
    "action.yml",
    "action.yaml",
)
# A workflow that people wrote takes it a second or two; one of megabytes would keep it for minutes.
_LIMIT_S = 30.0
_ZIZMOR = Program(zizmor.PROGRAM, tuple[WorkflowFinding, ...], zizmor.findings, _LIMIT_S)


def workflow_audit(context: Context) -> WorkflowAudit:
    """Its findings, no other machine asked. Raises `NotApplicable` without a workflow or action."""
    project = context.configuration.project
    found = (path for pattern in _PATTERNS for path in context.files.glob(project, pattern))
    names = tuple(str(path.relative_to(project)) for path in found)
    if not names:
        raise NotApplicable("the project has no GitHub workflow")
    findings: list[WorkflowFinding] = []
    doubts: dict[str, str] = {}
    for name in names:
        try:
            findings += said_of_file(_ZIZMOR, zizmor.command(name), project, context)
        except Unavailable as trouble:
            doubts[name] = trouble.reason
    return WorkflowAudit((zizmor.PROGRAM, *zizmor.command("")[:-1]), tuple(findings), doubts)
