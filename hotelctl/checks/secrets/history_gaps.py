"""What the search through a history did not see, as one reason."""

from collections.abc import Mapping

from hotelctl.checks.doubts import require_none
from hotelctl.checks.secrets.unopened import ANSWER
from hotelctl.core.errors import Unavailable

_UNREAD = (
    "look through it by hand, then keep it unpacked or in smaller parts, and take it out of the history: "
    f"git filter-repo --invert-paths --path PATH; {ANSWER}"
)


def require_whole(gap: str, doubts: Mapping[str, str]) -> None:
    """Return where there is neither a gap nor, by its path, something that was not read.

    Raises:
        Unavailable: there is.

    """
    told = [gap] if gap else []
    try:
        require_none(doubts.items(), _UNREAD)
    except Unavailable as left_out:
        told.append(left_out.reason)
    if told:
        raise Unavailable("; ".join(told))
