"""What every part of a report's document is, and places in files."""

from collections.abc import Callable

from pydantic import BaseModel, ConfigDict

from hotelctl.core.finding import Location

Redact = Callable[[str], str]


class Part(BaseModel):
    """A part of the document: nothing is added or changed after it was made."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True, validate_by_name=True)


class Place(Part):
    """A path relative to the project, a line from 1."""

    path: str
    line: int | None = None

    def __str__(self) -> str:
        """`path:line`."""
        return str(Location(self.path, self.line))


def place_part(place: Location, text: Redact) -> Place:
    """The same place, its path through `text`."""
    return Place(path=text(place.path), line=place.line)
