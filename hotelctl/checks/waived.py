"""A finding about a waiver itself."""

from hotelctl.core.finding import FileExcerpt, Finding, Location
from hotelctl.core.redact import by_shape
from hotelctl.core.waiver import Waiver


def finding(waiver: Waiver, why: str) -> Finding:
    """What is wrong with it, at its line."""
    path, _, line = waiver.place.rpartition(":")
    return Finding(
        subject=f"{waiver.rule} {waiver.scope} {waiver.target}",
        message=f"the waiver of {waiver.rule} for {waiver.scope} {waiver.target} {why}",
        evidence=(FileExcerpt(path, int(line), by_shape(f"{waiver.rule} {waiver.target}")),),
        location=Location(path, int(line)),
    )
