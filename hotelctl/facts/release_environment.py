"""The variables that a release is started with, each with the place it came from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hotelctl.core.finding import Location
from hotelctl.facts.secret import Secret


@dataclass(frozen=True, slots=True)
class Setting:
    """One effective value; `location` is None when it comes from no file, `source` says so in words."""

    key: str
    value: Secret
    source: str
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class ReleaseEnvironment:
    """All settings by key, and the profile they are judged under; of `files` the last one wins."""

    profile: str
    settings: Mapping[str, Setting]
    files: tuple[str, ...] = ()

    def filled(self) -> Iterator[Setting]:
        """The settings that are not blank, in order of their keys."""
        return (
            self.settings[key] for key in sorted(self.settings) if self.settings[key].value.reveal().strip()
        )
