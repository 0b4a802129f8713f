"""`waivers.toml`: which findings somebody answers for, until when.

[[waiver]]
rule = "ENV016"
path = ".env.local"            # or key = "DATABASE_URL", or fingerprint = "0123456789abcdef"
reason = "the group is the on-call team"
owner = "ana"
approved_by = "bela"
created = 2026-03-01
expires = 2026-05-01           # at most 90 days after `created`
ticket = "OPS-17"
rotated = 2026-03-02           # of a secret: with `rotation`; or `no_secret = "why it is none"`
rotation = "the provider's audit log of that day"

[[waiver]]
rule = "SEC008"
sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"   # an archive nobody can open
reason = "exported by the old shop, its password is lost; it holds pictures"
# and owner, approved_by, ticket, created, expires as above
"""

from datetime import date
from typing import Annotated

from pydantic import Field, StrictStr, StringConstraints, model_validator

from hotelctl.config.lines import line_of
from hotelctl.config.table import Table
from hotelctl.config.toml_model import decoded, model, tables
from hotelctl.core.errors import UsageError
from hotelctl.core.waiver import NEVER_WAIVED, WHOLE_SEARCH, Scope, Waiver

FILE_NAME = "waivers.toml"
_EXAMPLE = (
    "it has rule, one of path|key|fingerprint|sha256, reason, owner, approved_by, ticket, created, expires"
)
_SCOPES: tuple[Scope, ...] = ("path", "key", "fingerprint", "sha256")
Words = Annotated[StrictStr, StringConstraints(min_length=1, strip_whitespace=True)]


class Entry(Table):
    """One waiver. The days may be missing here: that is a finding, no error."""

    rule: Annotated[str, Field(pattern=r"^[A-Z]{2,3}[0-9]{3}$")]
    path: Words | None = None
    key: Words | None = None
    fingerprint: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")] | None = None
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    reason: Words
    owner: Words
    approved_by: Words
    ticket: Words
    created: date | None = None
    expires: date | None = None
    rotated: date | None = None
    rotation: Words | None = None
    no_secret: Words | None = None

    @model_validator(mode="after")
    def _has_one_scope(self) -> "Entry":
        if len(self.scopes()) != 1:
            raise ValueError("needs exactly one of path, key, fingerprint and sha256")
        if self.sha256 is not None and self.rule != WHOLE_SEARCH:
            raise ValueError(f"sha256 names an archive that nobody can open: its rule is {WHOLE_SEARCH}")
        if self.rule in NEVER_WAIVED:
            raise ValueError(f"{self.rule} is about the waivers themselves and cannot be waived")
        return self

    def scopes(self) -> dict[Scope, str]:
        """The scopes that are given, and their values."""
        given = {name: getattr(self, name) for name in _SCOPES}
        return {name: value for name, value in given.items() if value is not None}


class WaiverFile(Table):
    """The whole file."""

    waiver: tuple[Entry, ...] = ()


def parse_waivers(data: bytes, shown: str) -> tuple[Waiver, ...]:
    """The waivers in the file that is shown as `shown`. Raises `UsageError` with the line."""
    text = decoded(data, shown)
    found = model(WaiverFile, tables(text, shown), text, shown, _EXAMPLE).waiver
    places = [f"{shown}:{_line(text, n)}" for n in range(len(found))]
    # A finding names its waiver by the place alone.
    shared = next((place for place in places if places.count(place) > 1), None)
    if shared is not None:
        raise UsageError(
            f"{shared}: more than one waiver is written here", "begin each with a line [[waiver]] of its own"
        )
    return tuple(map(_waiver, found, places))


def _line(text: str, number: int) -> int:
    return line_of(text, ("waiver", str(number))) or 1


def _waiver(entry: Entry, place: str) -> Waiver:
    ((scope, target),) = entry.scopes().items()
    words = entry.model_dump(exclude=set[str](_SCOPES), exclude_none=True)
    words = {"created": None, "expires": None, **words}
    return Waiver(place=place, scope=scope, target=target, **words)
