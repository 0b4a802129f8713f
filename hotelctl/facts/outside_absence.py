"""A candidate that was started with its outside services out of reach."""

from dataclasses import dataclass

from hotelctl.facts.smoke_run import SmokeRun


@dataclass(frozen=True, slots=True)
class Absentees:
    """The names of the configured services that the service file says how to do without; at least one."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutsideAbsence:
    """`refused` says why it did not run without `names`, though it runs with them; else what `run` said."""

    names: tuple[str, ...]
    refused: str
    run: SmokeRun
