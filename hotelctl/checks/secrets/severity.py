"""How severe a value is that a scanner takes for a secret."""

from hotelctl.core.finding import Severity
from hotelctl.facts.leaks import Leak

_SURE = {"high": Severity.CRITICAL, "medium": Severity.HIGH}
_DOUBTFUL = {"high": Severity.MEDIUM, "medium": Severity.LOW}


def severity_of(leak: Leak) -> Severity:
    """As severe as the scanner is sure, and less so where something says that it may be none."""
    if leak.doubt:
        return _DOUBTFUL.get(leak.confidence, Severity.INFO)
    return _SURE.get(leak.confidence, Severity.LOW)
