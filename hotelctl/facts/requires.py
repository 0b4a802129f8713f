"""What a package requires of others, here and now."""

from packaging.requirements import InvalidRequirement, Requirement

from hotelctl.core.errors import Unavailable


def requirement(text: str) -> Requirement:
    """One line of a package's metadata. Raises `Unavailable` with the line."""
    try:
        return Requirement(text)
    except InvalidRequirement as error:
        raise Unavailable(f"{text[:80]!r} is no requirement") from error


def wanted_here(asked: Requirement) -> bool:
    """Whether it is needed on this machine without any extra."""
    return asked.marker is None or asked.marker.evaluate({"extra": ""})
