"""References such as `${X}` in env files, and those that no value stands for."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from dotenv.variables import Variable, parse_variables

from hotelctl.facts.env_files import Entry


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A reference to `name` in the value of `key`; `later` is the line below that sets it, too late."""

    key: str
    line: int
    name: str
    later: int | None


def unresolved(entries: Sequence[Entry], process: Container[str]) -> Iterator[Unresolved]:
    """References without a default to names that no entry above and not the process sets, in order."""
    above: set[str] = set()
    for entry in entries:
        for name in _names(entry.value.reveal()):
            if name not in above and name not in process:
                below = (other.line for other in entries if other.key == name and other.line > entry.line)
                yield Unresolved(entry.key, entry.line, name, next(below, None))
        above.add(entry.key)


def _names(value: str) -> Iterator[str]:
    found = (atom for atom in parse_variables(value) if isinstance(atom, Variable) and atom.default is None)
    yield from dict.fromkeys(atom.name for atom in found)
