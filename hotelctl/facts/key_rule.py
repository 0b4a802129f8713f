"""What an environment contract says of one key."""

from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Profile = Literal["ci", "staging", "production"]
Kind = Literal["str", "int", "float", "bool", "url", "email", "duration", "json", "list", "path"]
Length = Annotated[int, Field(ge=1)]


class KeyRule(BaseModel):
    """What the contract says of one key; what each field means stands beside it, for people, too.

    `required_when` maps another key to the values that make this one necessary; no value there means any.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    docs: Annotated[str, Field(description="what the variable is for")]
    type: Annotated[Kind, Field(description="what its value is (ENV003)")] = "str"
    secret: Annotated[
        bool, Field(description="its value is never shown, and is judged as one (ENV011-ENV014)")
    ] = False
    private: Annotated[
        bool, Field(description="the file or directory that it leads to is its owner's only (ENV032)")
    ] = False
    required: Annotated[
        tuple[Profile, ...], Field(description="the profiles that cannot do without it (ENV001, ENV002)")
    ] = ()
    required_when: Annotated[
        dict[str, tuple[str, ...]],
        Field(description='the same where another key has one of these values, or any: `{ MODE = ["s3"] }`'),
    ] = Field(default_factory=dict)
    default: Annotated[
        str | None, Field(description="what holds where it is not set, as it would be written")
    ] = None
    example: Annotated[
        str | None, Field(description="what the example shows; a placeholder, never a live value")
    ] = None
    choices: Annotated[tuple[str, ...], Field(description="the only values that it may have (ENV004)")] = ()
    min: Annotated[float | None, Field(description="the least number, of `int` and `float` (ENV004)")] = None
    max: Annotated[float | None, Field(description="the greatest one (ENV004)")] = None
    pattern: Annotated[
        str | None,
        Field(
            description="a regular expression that is found in it, between `^` and `$` as a whole (ENV004)"
        ),
    ] = None
    min_length: Annotated[
        Length | None, Field(description="so many characters at least (ENV004, ENV012)")
    ] = None
    max_length: Annotated[Length | None, Field(description="so many at most (ENV004)")] = None
    schemes: Annotated[tuple[str, ...], Field(description="those that a URL may begin with (ENV017)")] = ()
    deprecated: Annotated[
        str | None, Field(description="why it should be set no longer, or what replaces it (ENV027)")
    ] = None
    client_exposed: Annotated[
        bool,
        Field(description="every visitor of a page gets it, as of one that begins with `VITE_` (ENV025)"),
    ] = False
    owner: Annotated[
        str | None, Field(description="who answers for it; named where it is to be replaced")
    ] = None
    rotate_by: Annotated[
        date | None, Field(description="the day before which a secret is replaced (ENV029)")
    ] = None
    rotated: Annotated[date | None, Field(description="the day on which it was replaced last (ENV029)")] = (
        None
    )
    max_age_days: Annotated[
        Length | None, Field(description="how old it may become since `rotated`; the two go together")
    ] = None

    @property
    def due(self) -> date | None:
        """The day on which the value is to be replaced at the latest; the earlier one of two."""
        aged = None
        if self.rotated is not None and self.max_age_days is not None:
            aged = self.rotated + timedelta(days=self.max_age_days)
        return min((day for day in (self.rotate_by, aged) if day is not None), default=None)
