"""The variables that a release is started with, each with the place it came from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from hotelctl.core.finding import Location
from hotelctl.facts.secret import Secret


@dataclass(frozen=True, slots=True)
class Setting:
    """One effective value; `location` is None when it comes from no file, `source` says so in words.

    `lines` is how many lines of the file it takes.
    """

    key: str
    value: Secret
    source: str
    location: Location | None = None
    lines: int = 1


@dataclass(frozen=True, slots=True)
class ReleaseEnvironment:
    """All settings by key, and the profile they are judged under; of `files` the last one wins.

    `process` is what the process environment holds, declared or not; `today` is the day in UTC.
    """

    profile: str
    settings: Mapping[str, Setting]
    today: date
    files: tuple[str, ...] = ()
    process: Mapping[str, Secret] = field(default_factory=lambda: MappingProxyType({}))

    def filled(self) -> Iterator[Setting]:
        """The settings that are not blank, in order of their keys."""
        return (
            self.settings[key] for key in sorted(self.settings) if self.settings[key].value.reveal().strip()
        )

    def values(self) -> dict[str, str]:
        """The values that are not blank, for rules that speak of several keys; never to be shown."""
        return {setting.key: setting.value.reveal() for setting in self.filled()}
