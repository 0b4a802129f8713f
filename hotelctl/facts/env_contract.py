"""The environment contract: which keys a service reads, and what each may hold."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hotelctl.core.errors import Unavailable

SCHEMA = "hotelctl.env/1"
Profile = Literal["ci", "staging", "production"]
Kind = Literal["str", "int", "float", "bool", "url", "email", "duration", "json", "list", "path"]


class KeyRule(BaseModel):
    """What the contract says of one key. `example` is a placeholder, never a live value."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    docs: str
    type: Kind = "str"
    secret: bool = False
    required: tuple[Profile, ...] = ()
    default: str | None = None
    example: str | None = None
    choices: tuple[str, ...] = ()
    min: float | None = None
    max: float | None = None
    pattern: str | None = None
    min_length: Annotated[int, Field(ge=1)] | None = None
    schemes: tuple[str, ...] = ()
    deprecated: str | None = None


@dataclass(frozen=True, slots=True)
class EnvContract:
    """`path` is relative to the project; `lines` tells where each key's table begins."""

    path: str
    keys: Mapping[str, KeyRule]
    lines: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def required(self, profile: str) -> tuple[str, ...]:
        """The keys that the profile cannot do without, sorted."""
        return tuple(sorted(key for key, rule in self.keys.items() if profile in rule.required))

    def is_secret(self, key: str) -> bool:
        """Whether its value must not be shown; a key that the contract does not know is taken for one."""
        rule = self.keys.get(key)
        return rule is None or rule.secret


def parse_contract(path: str, text: str) -> EnvContract:
    """The contract in `text`.

    Raises:
        Unavailable: not TOML, another schema, an unknown field or a wrong value; names file and line.

    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unavailable(f"{path}: the env contract is not TOML: {error}") from error
    if data.get("schema") != SCHEMA:
        raise Unavailable(f"{path}:1: the env contract must begin with schema = {SCHEMA!r}")
    tables = data.get("keys", {})
    lines = dict(_lines(text))
    if not isinstance(tables, dict):
        raise Unavailable(f"{path}: [keys] must be a table of tables")
    keys = {key: _rule(path, key, table, lines.get(key)) for key, table in tables.items()}
    return EnvContract(path, keys, lines)


def _rule(path: str, key: str, table: Any, line: int | None) -> KeyRule:  # noqa: ANN401 - TOML is any shape
    where = f"{path}:{line}" if line else path
    try:
        rule = KeyRule.model_validate(table)
        re.compile(rule.pattern or "")
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field_name = ".".join(str(part) for part in first["loc"])
        raise Unavailable(f"{where}: {key}.{field_name}: {first['msg']}") from error
    except re.error as error:
        raise Unavailable(f"{where}: {key}.pattern is no regular expression: {error}") from error
    return rule


def _lines(text: str) -> Iterator[tuple[str, int]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if hit := re.match(r"""\s*\[keys\.["']?([^\]"']+)["']?\]""", line):
            yield hit[1], number
