"""Where the service's own secrets stand in what hotelctl and the releases wrote."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hotelctl.facts.secret_copies import SecretCopy


@dataclass(frozen=True, slots=True)
class OutputCopies:
    """What was found of `values` values in `files` reports, logs and journals.

    `doubts` says by path why others were not read.
    """

    values: int
    files: int
    copies: tuple[SecretCopy, ...]
    doubts: Mapping[str, str] = field(default_factory=dict)
