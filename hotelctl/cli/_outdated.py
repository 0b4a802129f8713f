"""Removing measurements that nobody needs any more, and no report names."""

from contextlib import suppress
from pathlib import Path

from hotelctl.cli._places import REPORTS
from hotelctl.config.load import Configuration
from hotelctl.core.errors import StepFailed
from hotelctl.core.ports import Files
from hotelctl.deploy.layout import Layout
from hotelctl.facts.load_measurement import FILE_NAME, read_measurement
from hotelctl.facts.outdated_measurements import outdated


def prune_measurements(files: Files, layout: Layout, configuration: Configuration) -> tuple[str, ...]:
    """The ids of those that are gone. What cannot be read or removed is left; so is what a report names."""
    limit = configuration.spec.retention.measurements
    old = outdated(_releases(files, layout), limit)
    named = _reports(files, configuration.project) if old else b""
    gone: list[str] = []
    for one in old:
        if one.encode() in named:
            continue
        with suppress(StepFailed):
            files.remove(layout.measurement(one))
            gone.append(one)
    return tuple(gone)


def _releases(files: Files, layout: Layout) -> dict[str, str]:
    """By id; a copy under another name is no measurement."""
    found: dict[str, str] = {}
    for path in files.glob(layout.state / "measurements", f"*/{FILE_NAME}"):
        with suppress(OSError, ValueError):
            read = read_measurement(files.read(path))
            found |= {read.id: read.release} if read.id == path.parent.name else {}
    return found


def _reports(files: Files, project: Path) -> bytes:
    """All that the reports of the project say, and their evidence: what a check stood on is named there."""
    found = [
        *files.glob(project / REPORTS, "*/report.json"),
        *files.glob(project / REPORTS, "*/evidence.jsonl"),
    ]
    return b"\n".join(files.read(path) for path in found if files.is_file(path))
