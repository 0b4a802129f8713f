"""What tells people of the changes in a release."""

from dataclasses import dataclass

from packaging.version import Version

from hotelctl.facts.changelog import Changelog


@dataclass(frozen=True, slots=True)
class ChangeNotes:
    """The changelog, and `fragments` of what it will say next.

    `version` is what the project calls itself; `elsewhere` is a tag that gives this name to another commit.
    """

    changelog: Changelog | None
    fragments: tuple[str, ...]
    version: Version
    elsewhere: str | None
