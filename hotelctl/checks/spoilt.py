"""What is found of a spoilt file that decides nothing, because another one does."""

from hotelctl.core.finding import FileExcerpt, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.spoilt_file import SpoiltFile


def spoilt(one: SpoiltFile, fix: str) -> Finding:
    """A note: it is told, and holds nothing back."""
    shown = FileExcerpt(one.path, None, by_shape(one.why))
    return Finding(one.path, by_shape(str(one)), (shown,), Location(one.path), fix, Severity.LOW)
