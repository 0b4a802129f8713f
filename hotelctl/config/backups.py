"""How backups are made: for whom they are encrypted, and how they are compressed."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from hotelctl.config.table import Table
from hotelctl.core.dumped import Packing

_GZIP_MOST = 9
Recipient = Annotated[str, Field(pattern=r"^(age1[0-9a-z]+|ssh-(ed25519|rsa) \S+( .*)?)$")]


class Backups(Table):
    """Whose keys open the backups, as age writes them: `age1...` or an SSH public key; else all are plain.

    `identity_env` names the variable that says which file holds the secret key: a trial restore needs it.
    Without `compression` it is zstd where all programs know it, else gzip; `level` is how hard
    the one that is named compresses, zstd with 3 by default, gzip with 1.

    `prove` is how much of a database above `full_up_to_bytes` a deploy restores on trial: all of it, its
    schema and the ledger of its migrations, or besides as many whole tables as have `sample_bytes`.
    """

    recipients: tuple[Recipient, ...] = ()
    identity_env: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")] = "HOTELCTL_BACKUP_IDENTITY"
    compression: Literal["gzip", "zstd"] | None = None
    level: Annotated[int, Field(ge=1, le=22)] | None = None
    prove: Literal["full", "schema", "sample"] = "full"
    full_up_to_bytes: Annotated[int, Field(ge=0)] = 10_000_000_000
    sample_bytes: Annotated[int, Field(ge=0)] = 1_000_000_000

    @model_validator(mode="after")
    def _known_level(self) -> Self:
        if self.compression is None and self.level is not None:
            raise ValueError("level belongs to a compression")
        if self.compression == "gzip" and self.level is not None and self.level > _GZIP_MOST:
            raise ValueError(f"gzip has levels from 1 to {_GZIP_MOST}")
        return self

    @property
    def packing(self) -> Packing:
        """How dumps are made smaller."""
        return Packing(self.compression, self.level)
