"""zizmor's audit of the project's GitHub workflows."""

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.facts import workflow_audit as zizmor
from hotelctl.facts.workflow_audit import WorkflowAudit, WorkflowFinding
from hotelctl.probes.context import Context

_PATTERNS = (
    ".github/workflows/*.yml",
    ".github/workflows/*.yaml",
    ".github/actions/**/action.yml",
    ".github/actions/**/action.yaml",
    "action.yml",
    "action.yaml",
)


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
            findings += zizmor.findings(context.run_tool(zizmor.PROGRAM, *zizmor.command(name), cwd=project))
        except Unavailable as trouble:
            doubts[name] = trouble.reason
    return WorkflowAudit((zizmor.PROGRAM, *zizmor.command("")[:-1]), tuple(findings), doubts)
