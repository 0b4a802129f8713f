"""The hash-chained files of this environment."""

from pathlib import Path

from hotelctl.core.errors import NotApplicable
from hotelctl.facts.evidence_chain import ChainFile, EvidenceChain, inspect
from hotelctl.probes.context import Context

_NEWEST_JOURNALS = 10


def evidence_chain(context: Context) -> EvidenceChain:
    """The newest finished report's evidence and the newest journals, each link recomputed."""
    reports = context.configuration.project / "reports"
    finished = [path for path in context.files.glob(reports, "*/report.json") if path.parent.name != "latest"]
    evidence = [path.with_name("evidence.jsonl") for path in sorted(finished)[-1:]]
    files = [*evidence, *context.journals[-_NEWEST_JOURNALS:]]
    if not files:
        raise NotApplicable("there is no earlier report and no deploy whose evidence could be broken")
    return EvidenceChain(tuple(_inspect(context, path) for path in files))


def _inspect(context: Context, path: Path) -> ChainFile:
    project = context.configuration.project
    shown = str(path.relative_to(project)) if path.is_relative_to(project) else path.name
    try:
        return inspect(shown, context.files.read(path))
    except FileNotFoundError:
        return ChainFile(shown, 0, 1, "the file is gone")
