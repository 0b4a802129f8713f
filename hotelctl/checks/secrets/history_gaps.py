"""What the search through a history did not see, as one reason."""

from collections.abc import Mapping

from hotelctl.checks.doubts import require_none
from hotelctl.checks.secrets.unopened import ANSWER
from hotelctl.core.errors import Unavailable
from hotelctl.core.some_of import some_of
from hotelctl.facts.archives import digest_in
from hotelctl.facts.lfs_pointer import NOT_FETCHED

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
    fetched = {path: why for path, why in doubts.items() if NOT_FETCHED in why}
    if fetched:
        named = some_of(tuple(f"{path} (sha256 {digest_in(why)})" for path, why in fetched.items()))
        told.append(f"{named}: {NOT_FETCHED}; {ANSWER}")
    try:
        require_none(((path, why) for path, why in doubts.items() if path not in fetched), _UNREAD)
    except Unavailable as left_out:
        told.append(left_out.reason)
    if told:
        raise Unavailable("; ".join(told))
