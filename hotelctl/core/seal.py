"""The digest that a part of a report names of itself, so that a changed byte shows."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def digest(plain: Mapping[str, Any]) -> str:
    """`sha256:...` over the canonical form: keys sorted, no spaces, ASCII, the field `digest` left out."""
    rest = {key: value for key, value in plain.items() if key != "digest"}
    canonical = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()
