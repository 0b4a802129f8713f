"""Which measurements nobody needs any more."""

from collections.abc import Mapping


def outdated(releases: Mapping[str, str], limit: int) -> tuple[str, ...]:
    """The ids of all but the newest `limit`, oldest first; `releases` has the measured release of each id.

    The newest one of another release than the last stays beside them: the last is compared with it. An id
    begins with its time.
    """
    ids = sorted(releases)
    if not ids:
        return ()
    former = next((one for one in reversed(ids) if releases[one] != releases[ids[-1]]), None)
    return tuple(one for one in ids[:-limit] if one != former)
