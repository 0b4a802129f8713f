"""What the tracked source files of the project read from the environment."""

from hotelctl.config.service import ServiceSpec
from hotelctl.core.errors import NotApplicable
from hotelctl.facts.code_reads import CodeReads
from hotelctl.facts.code_scan import LIMIT_BYTES, SCANNED, UNDERSTOOD, is_source, scanned
from hotelctl.probes.context import Context


def code_reads(context: Context) -> CodeReads:
    """All reads. Raises `NotApplicable` where no file of a known language is tracked."""
    spec = context.configuration.spec
    found = context.repository.tracked([f"*{end}" for end in SCANNED])
    inside = [path for path in found if is_source(path, spec.env.sources)]
    if not any(path.endswith(UNDERSTOOD) for path in inside):
        raise NotApplicable("no Python or JavaScript source is tracked")
    contents = context.files.contents(context.configuration.project, inside, LIMIT_BYTES)
    return scanned(contents, _given(spec))


def _given(spec: ServiceSpec) -> frozenset[str]:
    """What hotelctl itself reads, and what it gives to programs beside the service."""
    url = spec.database.url_env if spec.database else None
    tests = spec.tests.database_env if spec.tests else None
    return frozenset(filter(None, (url, url and f"RUNTIME_{url}", tests)))
