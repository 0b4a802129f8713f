"""What other tools' schemas say of what is written for them."""

import json
from pathlib import Path
from typing import Any

import jsonschema

PLACE = Path(__file__).parents[1] / "data" / "schemas"


def complaints(text: str, name: str) -> list[str]:
    """What the JSON schema called `name` says against the JSON in `text`."""
    schema: Any = json.loads((PLACE / name).read_text())
    kind = jsonschema.validators.validator_for(schema)
    validator = kind(schema, format_checker=kind.FORMAT_CHECKER)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(json.loads(text))]
