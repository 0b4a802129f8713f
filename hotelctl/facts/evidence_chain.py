"""Hash-chained files and whether each of them is whole."""

from dataclasses import dataclass

from hotelctl.core.chain import ChainBroken, decode


@dataclass(frozen=True, slots=True)
class ChainFile:
    """One file: how many records are whole, and the first broken line with its reason, if any."""

    path: str
    records: int
    broken_line: int | None = None
    why: str = ""
    torn: bool = False


@dataclass(frozen=True, slots=True)
class EvidenceChain:
    """The newest report's evidence and the journals of this environment."""

    files: tuple[ChainFile, ...]


def inspect(path: str, data: bytes) -> ChainFile:
    """The state of the chain in `data`; never raises."""
    try:
        chain = decode(data)
    except ChainBroken as broken:
        return ChainFile(path, broken.line - 1, broken.line, broken.why)
    return ChainFile(path, len(chain.records), torn=chain.torn)
