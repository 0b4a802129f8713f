"""The environment contract: which keys a service reads, what each may hold, who reads the file."""

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, Field, ValidationError

from hotelctl.core.errors import Unavailable
from hotelctl.facts.env_rule import EnvRule
from hotelctl.facts.env_values import range_problem, type_problem
from hotelctl.facts.key_rule import KeyRule

SCHEMA = "hotelctl.env/1"
Consumer = Literal["python-dotenv", "docker-env-file", "posix-sh"]
Table = TypeVar("Table", bound=BaseModel)
_TOP = ("schema", "keys", "rules", "consumers")
_HEADER = re.compile(r"""\s*\[keys\.["']?([^\]"'.]+)["']?(?:\.[^\]]*)?\]""")
_BLOCK = re.compile(r""""{3}.*?"{3}|'{3}.*?'{3}""", re.DOTALL)
# Names that build tools of web pages write into what every visitor downloads.
_EXPOSED = ("NEXT_PUBLIC_", "VITE_", "PUBLIC_", "REACT_APP_")


@dataclass(frozen=True, slots=True)
class EnvContract:
    """`path` is relative to the project; `lines` tells where each key's table begins.

    `rules` speak of several keys at once, `rule_lines` tells where each begins; `consumers` are the
    programs that read the same env file.
    """

    path: str
    keys: Mapping[str, KeyRule]
    lines: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    rules: tuple[EnvRule, ...] = ()
    rule_lines: tuple[int, ...] = ()
    consumers: tuple[Consumer, ...] = ("python-dotenv",)

    def required(self, profile: str, filled: Mapping[str, str] | None = None) -> tuple[str, ...]:
        """The keys that the profile, or a value in `filled`, cannot do without, sorted."""
        asked = (key for key, rule in self.keys.items() if profile in rule.required)
        return tuple(sorted({*asked, *self._asked_by(filled or {})}))

    def _asked_by(self, filled: Mapping[str, str]) -> Iterator[str]:
        for key, rule in self.keys.items():
            when = rule.required_when.items()
            if when and all(
                filled.get(other, "").strip() and (not values or filled[other].strip() in values)
                for other, values in when
            ):
                yield key

    def why_required(self, key: str, profile: str) -> str:
        """What makes it necessary, in words."""
        rule = self.keys[key]
        if profile in rule.required:
            return f"in profile {profile}"
        said = (f"{o} is {' or '.join(values) or 'set'}" for o, values in rule.required_when.items())
        return f"where {' and '.join(said)}"

    def is_secret(self, key: str) -> bool:
        """Whether its value must not be shown; a key that the contract does not know is taken for one."""
        rule = self.keys.get(key)
        return rule is None or rule.secret

    def is_exposed(self, key: str) -> bool:
        """Whether its value reaches every visitor of a page: by its prefix, or as the contract says."""
        rule = self.keys.get(key)
        return key.startswith(_EXPOSED) or (rule is not None and rule.client_exposed)


def parse_contract(path: str, text: str) -> EnvContract:
    """The contract in `text`.

    Raises:
        Unavailable: not TOML, another schema, an unknown field or a wrong value; names file and line.

    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unavailable(f"{path}: the env contract is not TOML: {error}") from error
    except RecursionError as error:
        raise Unavailable(f"{path}: the env contract is nested too deep to be read") from error
    if data.get("schema") != SCHEMA:
        raise Unavailable(f"{path}:1: the env contract must begin with schema = {SCHEMA!r}")
    if unknown := [word for word in data if word not in _TOP]:
        raise Unavailable(f"{path}: the env contract knows no {unknown[0]!r}; it has {', '.join(_TOP)}")
    tables = data.get("keys", {})
    if not isinstance(tables, dict):
        raise Unavailable(f"{path}: [keys] must be a table of tables")
    # Read line by line from here on: what stands inside a text of several lines is no line of the contract.
    text = _BLOCK.sub(lambda block: "\n" * block[0].count("\n"), text)
    lines = dict(_lines(text))
    keys = {key: _key(_Place(path, text, lines.get(key)), key, table) for key, table in tables.items()}
    rule_lines = _starts(text, r"\s*\[\[rules\]\]")
    rules = tuple(_rules(path, text, data.get("rules", []), rule_lines))
    consumers = _consumers(path, data, text)
    made = EnvContract(path, keys, lines, rules, rule_lines, consumers)
    _require_known(made)
    return made


@dataclass(frozen=True, slots=True)
class _Place:
    """A table of the contract: where it begins, None where nobody can say."""

    path: str
    text: str
    line: int | None

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path

    def of(self, field_name: str) -> str:
        """Where the field stands; where its table begins for one that is not written on a line of its own."""
        below = enumerate(self.text.splitlines()[self.line or 0 :], start=(self.line or 0) + 1)
        for number, line in below if self.line else ():
            if line.lstrip().startswith("["):
                break
            if re.match(rf"""\s*["']?{re.escape(field_name)}["']?\s*[=.]""", line):
                return f"{self.path}:{number}"
        return str(self)


def _key(where: _Place, key: str, table: Any) -> KeyRule:  # noqa: ANN401 - TOML is any shape
    rule = _valid(KeyRule, where, key, table)
    try:
        re.compile(rule.pattern or "")
    except re.error as error:
        raise Unavailable(
            f"{where.of('pattern')}: {key}.pattern is no regular expression: {error}"
        ) from error
    if (rule.min_length or 0) > (rule.max_length or rule.min_length or 0):
        raise Unavailable(f"{where.of('max_length')}: {key}.max_length is below min_length")
    if rule.min is not None and rule.max is not None and rule.min > rule.max:
        raise Unavailable(f"{where.of('max')}: {key}.max is below min")
    if rule.default and (problem := type_problem(rule, rule.default) or range_problem(rule, rule.default)):
        raise Unavailable(f"{where.of('default')}: {key}.default {problem}")
    if rule.private and rule.type != "path":
        raise Unavailable(f"{where.of('private')}: {key}.private is for keys of the type path")
    if (rule.rotated is None) != (rule.max_age_days is None):
        raise Unavailable(f"{where}: {key}: rotated and max_age_days go together")
    return rule


def _valid(model: type[Table], where: _Place, name: str, table: Any) -> Table:  # noqa: ANN401 - TOML is any shape
    try:
        return model.model_validate(table)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
        # A misspelled field is why another one is missing.
        first = min(errors, key=lambda one: one["type"] != "extra_forbidden")
        field_name = ".".join(str(part) for part in (name, *first["loc"]))
        place = where.of(str(first["loc"][0])) if first["loc"] else str(where)
        if first["type"] == "extra_forbidden":
            near = difflib.get_close_matches(str(first["loc"][-1]), model.model_fields, n=1)
            meant = f"; did you mean {near[0]!r}?" if near else ""
            raise Unavailable(f"{place}: unknown field {field_name!r}{meant}") from error
        raise Unavailable(f"{place}: {field_name}: {first['msg']}") from error


def _rules(path: str, text: str, tables: Any, lines: tuple[int, ...]) -> Iterator[EnvRule]:  # noqa: ANN401 - TOML is any shape
    if not isinstance(tables, list):
        raise Unavailable(f"{path}: rules must be written as [[rules]]")
    for n, table in enumerate(tables):
        where = _Place(path, text, lines[n] if n < len(lines) else None)
        rule = _valid(EnvRule, where, "rules", table)
        if complaint := rule.complaint():
            raise Unavailable(f"{where}: rules: {complaint}")
        yield rule


def _consumers(path: str, data: Mapping[str, Any], text: str) -> tuple[Consumer, ...]:
    class Readers(BaseModel):
        consumers: Annotated[tuple[Consumer, ...], Field(min_length=1)] = ("python-dotenv",)

    found = (n for n, line in enumerate(text.splitlines(), 1) if re.match(r"\s*consumers\s*=", line))
    where = _Place(path, text, next(found, 1))
    given = {"consumers": data["consumers"]} if "consumers" in data else {}
    return tuple(dict.fromkeys(_valid(Readers, where, "contract", given).consumers))


def _require_known(contract: EnvContract) -> None:
    """Every key that a condition or a rule names is in the contract."""
    for key, rule in contract.keys.items():
        for other in rule.required_when:
            if other not in contract.keys:
                where = f"{contract.path}:{contract.lines.get(key, 1)}"
                raise Unavailable(f"{where}: {key}.required_when names {other}, which is not in the contract")
    for n, several in enumerate(contract.rules):
        for other in several.named():
            if other not in contract.keys:
                line = contract.rule_lines[n] if n < len(contract.rule_lines) else 1
                raise Unavailable(f"{contract.path}:{line}: rules name {other}, which is not in the contract")


def _lines(text: str) -> Iterator[tuple[str, int]]:
    seen = set()
    for number, line in enumerate(text.splitlines(), start=1):
        if (hit := _HEADER.match(line)) and hit[1] not in seen:
            seen.add(hit[1])
            yield hit[1], number


def _starts(text: str, pattern: str) -> tuple[int, ...]:
    return tuple(n for n, line in enumerate(text.splitlines(), start=1) if re.match(pattern, line))
