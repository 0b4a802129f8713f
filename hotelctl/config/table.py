"""What every table of a configuration file has in common."""

import posixpath
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Argv = Annotated[tuple[str, ...], Field(min_length=1)]
Seconds = Annotated[float, Field(gt=0, le=86_400)]
# In one spelling, as git has it: "./.env" and ".env" are one file.
FilePath = Annotated[str, Field(min_length=1), AfterValidator(posixpath.normpath)]


class Table(BaseModel):
    """A TOML table: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _inside(path: str) -> str:
    """The path itself. Raises `ValueError` when it leaves the project or is no pattern."""
    parts = path.split("/")
    if not path or path.startswith("/") or ".." in parts:
        raise ValueError("must be a path inside the project")
    if any("**" in part and part != "**" for part in parts):
        raise ValueError("may hold ** only as a whole part")
    return path


Inside = Annotated[str, AfterValidator(_inside)]
