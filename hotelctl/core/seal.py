"""The digest that a part of a report names of itself, so that a changed byte shows."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def digest(plain: Mapping[str, Any]) -> str:
    """`sha256:...` over the canonical form: keys sorted, no spaces, ASCII, the field `digest` left out."""
    return "sha256:" + hashlib.sha256(canonical(plain)).hexdigest()


def report_digest(plain: Mapping[str, Any]) -> str:
    """The digest of a whole report as it was before anybody signed it off: a sign-off never changes it."""
    return digest({**plain, "signoffs": []})


def canonical(plain: Mapping[str, Any]) -> bytes:
    """The bytes that a digest is over."""
    rest = {key: value for key, value in plain.items() if key != "digest"}
    return json.dumps(rest, sort_keys=True, separators=(",", ":")).encode()
