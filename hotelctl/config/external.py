"""How a service file names the services of others that this one speaks to."""

from string import Template
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from hotelctl.config.table import Argv, Seconds, Table

Variable = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
Prefix = Annotated[str, Field(min_length=2)]


class Webhook(Table):
    """Where the service sends messages on its own, signed with the value of `variable`."""

    variable: Variable
    path: Annotated[str, Field(pattern=r"^/\S*$")]
    signature: Literal["stripe", "github"]


class External(Table):
    """One outside service. It is configured where `variable` is filled; without a variable, always.

    `url` says where it answers, with `${NAME}` for a variable of the release or its default in the env
    contract; of several the first one counts whose variables all have values. Its scheme is one of
    `facts.outside_services.SCHEMES`. `check` is a program of the release that asks it by a call which changes
    nothing, and prints what `facts.outside_answers` reads. `live_keys` and `test_keys` are how the value
    of `variable` begins when it moves real things, and when it does not. `latency_limit_ms` is what half
    of the calls may take at most. `away` are variables with which it is out of reach, and `away_check` is
    a program that asks the instance at `{url}` what the service promises then, see `facts.smoke_results`.
    """

    variable: Variable | None = None
    url: tuple[str, ...] = ()
    check: Argv | None = None
    timeout_s: Seconds = 20
    latency_limit_ms: Annotated[float, Field(gt=0)] | None = None
    webhook: Webhook | None = None
    away: dict[Variable, str] = Field(default_factory=dict)
    away_check: Argv | None = None
    live_keys: tuple[Prefix, ...] = ()
    test_keys: tuple[Prefix, ...] = ()

    @field_validator("url", mode="before")
    @classmethod
    def _one_or_several(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @field_validator("url")
    @classmethod
    def _can_be_filled(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            if not Template(text).is_valid():
                raise ValueError("names a variable as ${NAME}; a $ of its own is $$")
        return value

    @model_validator(mode="after")
    def _keys_stand_in_a_variable(self) -> Self:
        if bool(self.live_keys) is not bool(self.test_keys):
            raise ValueError("needs both live_keys and test_keys, or neither")
        if self.live_keys and self.variable is None:
            raise ValueError("has live_keys, but no variable that holds the key")
        return self

    @model_validator(mode="after")
    def _away_is_brought_about(self) -> Self:
        if self.away_check and not self.away:
            raise ValueError("has an away_check, but no away that puts it out of reach")
        return self
