"""The tags of HEAD that name a version, and their signatures."""

from collections.abc import Mapping
from dataclasses import dataclass

from hotelctl.core.references import Signature


@dataclass(frozen=True, slots=True)
class ReleaseTags:
    """By their names."""

    signatures: Mapping[str, Signature]
