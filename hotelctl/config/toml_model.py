"""A TOML file as a model; what is wrong in it is told with file, line and the name that was meant."""

import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from hotelctl.config.lines import line_of
from hotelctl.core.errors import UsageError

Model = TypeVar("Model", bound=BaseModel)
_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")
_ALIASES = {"schema_": "schema", "json_body": "json"}


def read_text(path: Path) -> str:
    """The text of the file. Raises `UsageError` when it cannot be read or is not UTF-8."""
    try:
        return decoded(path.read_bytes(), str(path))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}", "check the path given") from error


def decoded(data: bytes, shown: str) -> str:
    """The text of the file that is shown as `shown`. Raises `UsageError` with the line that is not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UsageError(f"{shown}:{line}: is not UTF-8", "save it as UTF-8") from error


def tables(text: str, shown: str) -> dict[str, Any]:
    """What stands in the text of the file that is shown as `shown`. Raises `UsageError`: it is no TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(_no_toml(text, shown, str(error)), "mend the file") from error
    except RecursionError as error:
        raise UsageError(f"{shown}: is nested too deep to be read", "mend the file") from error


def _no_toml(text: str, shown: str, said: str) -> str:
    """`file:line: ...`, the place taken from the parser's own words."""
    place = _AT_LINE.search(said)
    words = _AT_LINE.sub("", said)
    line = place[1] if place and place[1] else max(1, len(text.splitlines()))
    return f"{shown}:{line}: is not TOML: {words}"


def model(kind: type[Model], data: Mapping[str, Any], text: str, shown: str, example: str = "") -> Model:
    """`data`, which stands in `text`, as a `kind`. Raises `UsageError` with the first thing that is wrong.

    `example` says where people find how it should look.
    """
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        items = [dict(item) for item in error.errors(include_url=False, include_input=False)]
        # An element that is refused is also missing from its array: only the cause is told.
        items = [item for item in items if not _follows(item, items)]
        # A misspelled key is why another one is missing.
        items.sort(key=lambda item: item["type"] != "extra_forbidden")
        problems = [_problem(item, kind, text, shown) for item in items]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        hint = "; ".join(problems[1:4]) or example
        raise UsageError(problems[0] + more, hint) from error


def _follows(item: dict[str, Any], items: Sequence[dict[str, Any]]) -> bool:
    """Whether an array is called too short only because something inside it was refused."""
    place = item["loc"]
    inside = (other["loc"] for other in items if len(other["loc"]) > len(place))
    return item["type"] == "too_short" and any(loc[: len(place)] == place for loc in inside)


def _problem(item: dict[str, Any], kind: type[BaseModel], text: str, shown: str) -> str:
    path = [str(part) for part in item["loc"]]
    line = line_of(text, path)
    where = f"{shown}:{line}" if line else shown
    key = ".".join(path)
    if item["type"] == "missing":
        return f"{where}: {key} is missing"
    if item["type"] != "extra_forbidden":
        return f"{where}: {key}: {item['msg']}"
    return f"{where}: unknown key {key!r}{_meant(path[-1], kind.model_json_schema())}"


def _meant(key: str, schema: Mapping[str, Any]) -> str:
    """Where the key would be known, else which one is spelled alike; empty where nothing comes near."""
    known = {name: _keys(said) for name, said in {"": schema, **schema.get("$defs", {})}.items()}
    if any(key in keys for keys in known.values()):
        homes = [
            table for table, said in schema["properties"].items() if key in known.get(_model_of(said), ())
        ]
        return f"; it belongs under [{'] or ['.join(homes)}]" if homes else "; it belongs into another table"
    near = difflib.get_close_matches(key, sorted(set().union(*known.values())), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _keys(schema: Mapping[str, Any]) -> set[str]:
    return {_ALIASES.get(key, key) for key in schema.get("properties", {})}


def _model_of(said: Mapping[str, Any]) -> str | None:
    """The name of the model that a property is, be it optional."""
    found = next((one["$ref"] for one in (said, *said.get("anyOf", ())) if "$ref" in one), None)
    return None if found is None else str(found).rpartition("/")[2]
