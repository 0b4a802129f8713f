"""`python -m hotelctl.app.contract`: env.toml, or .env.example with `--example`, made from the settings."""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from hotelctl.app.environment import Environment
from hotelctl.app.legacy import USE_INSTEAD, OldNames
from hotelctl.app.settings import Settings

_PROFILES = ["ci", "staging", "production"]
_KINDS = {"integer": "int", "number": "float", "boolean": "bool", "string": "str"}
_LIMITS = {
    "minimum": "min",
    "maximum": "max",
    "pattern": "pattern",
    "minLength": "min_length",
    "maxLength": "max_length",
    "enum": "choices",
}
_SECRET = "password"  # noqa: S105 - the JSON schema's format word for a secret, no secret


def variables() -> dict[str, dict[str, Any]]:
    """Every variable with its contract, required ones first and old names last; a value is TOML-ready."""
    return _read(Settings) | {
        name: {**contract, "deprecated": f"use {USE_INSTEAD[name]}"}
        for name, contract in _read(OldNames).items()
    }


def _read(settings: type[Environment]) -> dict[str, dict[str, Any]]:
    schema = settings.model_json_schema(mode="validation")
    required = schema.get("required", [])
    names = sorted(schema["properties"], key=lambda name: name not in required)
    return {name.upper(): _describe(schema["properties"][name], required=name in required) for name in names}


def _describe(field: dict[str, Any], *, required: bool) -> dict[str, Any]:
    inner = next((part for part in field.get("anyOf", []) if part.get("type") != "null"), field)
    found: dict[str, Any] = {
        "docs": field["description"],
        "type": field.get("kind") or _KINDS[inner["type"]],
    }
    if inner.get("format") == _SECRET or field.get("format") == _SECRET:
        found["secret"] = True
    if required:
        found["required"] = _PROFILES
    if field.get("default") not in (None, []):
        default = field["default"]
        found["default"] = ",".join(default) if isinstance(default, list) else str(default)
    if "examples" in field:
        found["example"] = field["examples"][0]
    found |= {
        word: field[word] for word in ("schemes", "required_when", "min_length", "private") if word in field
    }
    found |= {ours: inner[theirs] for theirs, ours in _LIMITS.items() if theirs in inner}
    return found


def _toml(value: Any) -> str:  # noqa: ANN401 - any value of the contract
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(inner)}" for key, inner in value.items()) + " }"
    # JSON's strings, lists of strings, numbers and booleans are TOML's.
    return json.dumps(value, ensure_ascii=False)


def env_toml() -> str:
    """The contract file."""
    lines = ['schema = "hotelctl.env/1"']
    for name, contract in variables().items():
        lines += ["", f"[keys.{name}]", *(f"{word} = {_toml(value)}" for word, value in contract.items())]
    return "\n".join(lines) + "\n"


def env_example() -> str:
    """The example file: required variables with a placeholder, optional ones as comments."""
    blocks = ["# Copy to .env.local and set your own values; those here are placeholders and defaults."]
    for name, contract in _read(Settings).items():
        value = contract.get("example", contract.get("default", ""))
        line = f"{name}={value}" if "required" in contract else f"# {name}={value}"
        blocks.append(f"# {contract['docs']}\n{line}")
    return "\n\n".join(blocks) + "\n"


def main(argv: Sequence[str] | None = None) -> int:
    """Prints one of the two files."""
    parser = argparse.ArgumentParser(prog="python -m hotelctl.app.contract", description=__doc__)
    parser.add_argument("--example", action="store_true", help="print .env.example")
    arguments = parser.parse_args(argv)
    sys.stdout.write(env_example() if arguments.example else env_toml())
    return 0


if __name__ == "__main__":
    sys.exit(main())
