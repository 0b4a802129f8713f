"""What every table of a configuration file has in common."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Argv = Annotated[tuple[str, ...], Field(min_length=1)]
Seconds = Annotated[float, Field(gt=0, le=86_400)]


class Table(BaseModel):
    """A TOML table: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)
