"""What the service file says of a database and of what changes its schema."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from hotelctl.config.table import Table


class Database(Table):
    """`url_env` holds the owner's URL for hotelctl; the release gets it with `runtime_role`.

    `pool_size` is how many connections one instance may open at most; the variable `pool_env` of the
    release wins over it.
    """

    url_env: str = "DATABASE_URL"
    runtime_role: Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_]{0,62}$")] | None = None
    pool_size: Annotated[int, Field(ge=1, le=10_000)] | None = None
    pool_env: str | None = None


class Migrations(Table):
    """Where the revisions are; `command` upgrades to the head (kind `alembic`), `down_command` takes back.

    Files of `sql`, `prisma` and `flyway` are run and watched by hotelctl itself, on throw-away databases;
    in a deploy it applies those of `alembic` and `sql`. Of `other`, `why` says what keeps it from reading
    them, and their rules are unknown for that reason. Both commands are given `--revision ID` where they
    are to stop; `base` is the one before the first. `version_table`, a table or `schema.table`, is where
    `alembic` notes revisions, for an `env.py` that does not say it as a text.

    `preflight` says whether the live rows are asked if they would meet the pending rules: by default they
    are in the environment local only. A variable named by `preflight_url_env` holds the URL of a replica that
    is asked instead. `shadow_url_env` names the variable with the URL of a server on which migrations are run
    and watched, where the wheel's own lacks an extension; it needs a superuser there. Without one,
    `shadow_image` is the image of a PostgreSQL that a container is made of then, by default the official one
    of the live server's version. The limits are what the live tables may make of the pending migrations: how
    long a lock keeps others waiting, how long all of them take, how much they write ahead.
    """

    kind: Literal["alembic", "sql", "prisma", "flyway", "other"]
    directory: str
    why: str | None = None
    command: tuple[str, ...] = ()
    down_command: tuple[str, ...] = ()
    model_check: tuple[str, ...] = ()
    version_table: Annotated[str, Field(pattern=r"^[^.\s]+(\.[^.\s]+)?$")] | None = None
    preflight: Literal["off", "live"] | None = None
    preflight_url_env: str | None = None
    shadow_url_env: str | None = None
    shadow_image: Annotated[str, Field(pattern=r"^\S+$")] | None = None
    lock_limit_s: Annotated[float, Field(gt=0)] = 5
    duration_limit_s: Annotated[float, Field(gt=0)] = 900
    wal_limit_bytes: Annotated[int, Field(gt=0)] = 10_000_000_000

    @model_validator(mode="after")
    def _words_fit(self) -> Self:
        if self.shadow_url_env and self.shadow_image:
            raise ValueError("has shadow_url_env or shadow_image, not both")
        if (self.kind == "other") is not bool(self.why):
            raise ValueError('kind "other" needs why, and no other kind has it')
        return self
