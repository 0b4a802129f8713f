"""What git tracks, as it lies in the checkout, and new files that it does not ignore."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TreeFiles:
    """Bytes by path from the project; `new` names those that are not tracked.

    `doubts` says by path why another one could not be read. `apart` are directories with a repository of
    their own, submodules for instance, of which git lists no file here.
    """

    files: Mapping[str, bytes]
    new: frozenset[str]
    doubts: Mapping[str, str]
    apart: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TemplateFiles:
    """Of the same files those that are there to be copied and filled in.

    `doubts` says by path why another one could not be read.
    """

    files: Mapping[str, bytes]
    doubts: Mapping[str, str]
