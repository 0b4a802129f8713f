"""What an environment contract says of one key."""

from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Profile = Literal["ci", "staging", "production"]
Kind = Literal["str", "int", "float", "bool", "url", "email", "duration", "json", "list", "path"]
Length = Annotated[int, Field(ge=1)]


class KeyRule(BaseModel):
    """What the contract says of one key. `example` is a placeholder, never a live value.

    `required_when` maps another key to the values that make this one necessary; no value there means
    any. `private` says that the file to which the value leads, or all in that directory, are their owner's
    only. `rotate_by` is the day before which a secret is replaced; `rotated` and `max_age_days` say it too.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    docs: str
    type: Kind = "str"
    secret: bool = False
    private: bool = False
    required: tuple[Profile, ...] = ()
    required_when: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    default: str | None = None
    example: str | None = None
    choices: tuple[str, ...] = ()
    min: float | None = None
    max: float | None = None
    pattern: str | None = None
    min_length: Length | None = None
    max_length: Length | None = None
    schemes: tuple[str, ...] = ()
    deprecated: str | None = None
    client_exposed: bool = False
    owner: str | None = None
    rotate_by: date | None = None
    rotated: date | None = None
    max_age_days: Length | None = None

    @property
    def due(self) -> date | None:
        """The day on which the value is to be replaced at the latest; the earlier one of two."""
        aged = None
        if self.rotated is not None and self.max_age_days is not None:
            aged = self.rotated + timedelta(days=self.max_age_days)
        return min((day for day in (self.rotate_by, aged) if day is not None), default=None)
