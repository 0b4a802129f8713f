"""An operation as the shared history holds it, and read again from there."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from hotelctl.core.chronicle import Chapter, Deployment
from hotelctl.core.ports import Files
from hotelctl.deploy.history import Damaged, Past, operation_of
from hotelctl.deploy.journal import Kind, Outcome
from hotelctl.deploy.layout import Layout

_BUILD = "build"


def deployment(past: Past) -> Deployment:
    """The operation in one row."""
    progress = past.progress
    failure, outcome = progress.failure, progress.outcome
    return Deployment(
        id=past.id,
        operation=past.operation,
        outcome=outcome.value if outcome else "",
        started_at=past.started_at,
        seconds=round(past.seconds, 3),
        failed_step=failure.step if failure else "",
        failure=failure.message if failure else "",
        header=dict(progress.header),
    )


def chapters(pasts: Sequence[Past], layout: Layout, files: Files) -> Iterator[Chapter]:
    """Each operation with its journal's lines and what it built."""
    for past in pasts:
        lines = files.read(layout.journal(past.id)).decode().splitlines()[: len(past.records)]
        built = next((r for r in past.records if (r.step, r.kind) == (_BUILD, Kind.DONE)), None)
        release = built.data.get("release") if built is not None else None
        yield Chapter(deployment(past), tuple(lines), release, built.ts_utc if built else "")


def ways_back(deployments: Iterable[Deployment], most: int) -> frozenset[str]:
    """Backups that other machines may need: of open deploys, and of each one's newest `most` good ones."""
    kept: defaultdict[object, list[str]] = defaultdict(list)
    still_open: list[str] = []
    for one in sorted(deployments, key=lambda one: one.id):
        if one.operation == "deploy" and not one.outcome:
            still_open.append(one.id)
        elif one.operation == "deploy" and one.outcome == Outcome.SUCCEEDED:
            kept[one.header.get("host")].append(one.id)
    return frozenset(still_open).union(*(names[-most:] for names in kept.values()))


def past_of(name: str, lines: Sequence[str]) -> Past | Damaged:
    """The operation that those lines of its journal tell of."""
    return operation_of(name, "".join(f"{line}\n" for line in lines).encode())
