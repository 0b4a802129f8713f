"""Journals as they lie on the disk."""

from pathlib import Path

from hotelctl.core.chain import decode
from hotelctl.deploy.journal import Kind, Record


def read(path: Path) -> tuple[Record, ...]:
    """All records. Raises `ChainBroken` where the chain does not hold."""
    chain = decode(path.read_bytes())
    assert not chain.torn, f"{path} ends in half a line"
    return tuple(map(Record.from_json, chain.records))


def outcome(records: tuple[Record, ...]) -> str | None:
    """How the operation ended, None while it is open."""
    found = [str(record.data["outcome"]) for record in records if record.kind is Kind.OUTCOME]
    assert len(found) <= 1, found
    return found[0] if found else None
