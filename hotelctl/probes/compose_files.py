"""What the compose files of the project say."""

from hotelctl.core.errors import Unavailable
from hotelctl.facts.compose import LIMIT_BYTES, PATTERNS, ComposeFile, ComposeFiles, is_compose, read_compose
from hotelctl.facts.found.place import nearest
from hotelctl.probes.context import Context


def compose_files(context: Context) -> ComposeFiles:
    """All that git tracks, the nearest to the root first; one that cannot be read is a doubt."""
    names = sorted(filter(is_compose, context.repository.tracked(PATTERNS)), key=nearest)
    said = context.files.contents(context.configuration.project, names, LIMIT_BYTES) if names else {}
    read: list[ComposeFile] = []
    doubts: dict[str, str] = {}
    for name in names:
        what = said[name]
        if isinstance(what, str):
            doubts[name] = f"{name}: {what}"
            continue
        try:
            read.append(read_compose(name, what))
        except Unavailable as trouble:
            doubts[name] = trouble.reason
    return ComposeFiles(tuple(read), doubts)
