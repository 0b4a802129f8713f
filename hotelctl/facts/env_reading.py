"""What a program makes of an env file: python-dotenv and docker here, the shell in `env_sh`.

Source: python-dotenv's own parser; `opts.ParseEnvFile` of docker/cli for `docker run --env-file`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dotenv.variables import parse_variables

from hotelctl.facts.env_files import numbered
from hotelctl.facts.secret import Secret

# What Go's unicode.IsSpace takes for space, beyond the line feed.
_GO_SPACE = (
    "\t\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Taken:
    """What the reader has for one key in the end; `value` is None where it has none, `why` says why then."""

    line: int
    value: Secret | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """The line at which the reader gives the whole file up, and why, without the line's text."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Each key as the reader takes it; with `refused` the reader takes nothing at all."""

    taken: Mapping[str, Taken]
    refused: Refused | None = None


def read_dotenv(text: str, process: Mapping[str, str]) -> Reading:
    """As `dotenv_values(interpolate=True)`: the process environment wins in `${X}`, lines above come next."""
    found: dict[str, Taken] = {}
    values: dict[str, str | None] = {}
    for line, one in numbered(text):
        if one.key is None:
            continue
        if one.value is None:  # a name alone takes back what a line above gave it
            values[one.key] = None
            found.pop(one.key, None)
            continue
        known: Mapping[str, str | None] = {**values, **process}
        value = "".join(atom.resolve(known) for atom in parse_variables(one.value))
        values[one.key] = value
        found[one.key] = Taken(line, Secret(value))
    return Reading(MappingProxyType(found))


def read_docker(text: str, process: Mapping[str, str]) -> Reading:
    """As `docker run --env-file`: a line is a name and all after the equals sign, quotes and comments too."""
    found: dict[str, Taken] = {}
    for number, line in enumerate(_lines(text), start=1):
        name, equals, value = line.partition("=")
        if not line or line.startswith("#"):
            continue
        if any("\udc80" <= letter <= "\udcff" for letter in line):
            return Reading({}, Refused(number, "is not UTF-8"))
        if " " in name or "\t" in name:
            return Reading({}, Refused(number, "has a space in front of its equals sign"))
        if not name:
            return Reading({}, Refused(number, "has no name in front of its equals sign"))
        if equals:
            found[name] = Taken(number, Secret(value))
        elif name in process:
            found[name.rstrip(_GO_SPACE)] = Taken(number, Secret(process[name]))
    return Reading(MappingProxyType(found))


def _lines(text: str) -> Iterator[str]:
    """Lines as docker's scanner gives them: without one CR at the end, without space in front."""
    for line in text.removeprefix(_BOM).split("\n"):
        yield line.removesuffix("\r").lstrip(_GO_SPACE)
