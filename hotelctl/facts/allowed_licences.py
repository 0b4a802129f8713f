"""Which licences the service file allows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AllowedLicences:
    """SPDX identifiers, none where everything but copyleft is; `source` is the file and line that says so."""

    names: tuple[str, ...]
    source: str
