"""What could not be judged of some of many, as one reason."""

from collections.abc import Iterable

from hotelctl.core.errors import Unavailable


def require_none(doubts: Iterable[tuple[str, str]], remedy: str = "") -> None:
    """Return when there is no doubt; each is a name and a reason, which may be empty.

    Names of one reason stand together; `remedy` follows them all.

    Raises:
        Unavailable: there is one.

    """
    told: dict[str, list[str]] = {}
    for name, reason in doubts:
        if reason:
            told.setdefault(reason, []).append(name)
    if told:
        parts = [f"{', '.join(names)}: {reason}" for reason, names in told.items()]
        raise Unavailable("; ".join([*parts, remedy] if remedy else parts))
