"""The only maker of `Redacted` text: secrets leave here as a length and a short keyed hash."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterable
from typing import NewType
from urllib.parse import quote, quote_plus, unquote, urlsplit

Redacted = NewType("Redacted", str)

_MIN_LENGTH = 6
# What examples say in a password's place: hidden, a remedy could not be read.
_NO_SECRETS = ("change-me",)
_SHAPES = (
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", re.DOTALL),
    re.compile(r"(?<=://)[^\s/@:]*:(?P<secret>[^\s@]+)(?=@)"),
    re.compile(r"(?i)\b(?:bearer|basic)\s+(?P<secret>[A-Za-z0-9._~+/=-]{16,})"),
    re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+"),
    re.compile(r"\b(?:sk|pk|rk)_(?:live|test)_[A-Za-z0-9]{16,}\b"),
    re.compile(r"\bsk-[A-Za-z0-9_-]{20,}\b"),
    re.compile(r"\b(?:ghp|gho|ghs|ghu|github_pat)_[A-Za-z0-9_]{20,}\b"),
    re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
)


def _forms(value: str) -> set[str]:
    """Every spelling under which one value may stand in a text."""
    raw = value.encode()
    encoded = {base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()}
    return {
        value,
        quote(value, safe=""),
        quote_plus(value),
        unquote(value),
        json.dumps(value)[1:-1],
        raw.hex(),
        *encoded,
        *(form.rstrip("=") for form in encoded),
    }


def _url_password(value: str) -> str | None:
    """The password part of a URL, percent-encoded as it stands; None where there is none."""
    try:
        return urlsplit(value).password if "://" in value else None
    except ValueError:
        return None


class Redactor:
    """Replaces known secret values in all their forms, and unknown ones by their shape.

    `key` makes the short hashes comparable within one project and meaningless outside it.
    """

    def __init__(self, key: bytes = b"", secrets: Iterable[str] = ()) -> None:
        """Start with `secrets`; more can be added while it is in use."""
        self._key = key
        self._marks: dict[str, str] = {}
        self._pattern: re.Pattern[str] | None = None
        for secret in secrets:
            self.add(secret)

    def add(self, value: str) -> None:
        """Hide `value`, its encoded forms and, of a URL, its password from now on."""
        password = _url_password(value)
        for secret in filter(None, (value, password)):
            if len(secret) < _MIN_LENGTH or secret.endswith("://"):
                continue
            mark = self.mark(secret)
            self._marks |= {form: mark for form in _forms(secret) if len(form) >= _MIN_LENGTH}
        ordered = sorted(self._marks, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, ordered))) if ordered else None

    def mark(self, value: str) -> str:
        """What stands in a secret's place: its length and 8 hex digits of a keyed hash."""
        digest = hmac.new(self._key, value.encode(), hashlib.sha256).hexdigest()[:8]
        return f"[redacted {len(value)} chars #{digest}]"

    def __call__(self, text: str) -> Redacted:
        """`text` without any secret that is known by value or recognised by shape."""
        return self.count(text)[0]

    def count(self, text: str) -> tuple[Redacted, int]:
        """The redacted text and how many places were replaced."""
        found = 0
        if self._pattern is not None:
            text, found = self._pattern.subn(lambda hit: self._marks[hit[0]], text)
        for shape in _SHAPES:
            text, hits = shape.subn(self._hide, text)
            found += hits
        return Redacted(text), found

    def _hide(self, hit: re.Match[str]) -> str:
        secret = hit.groupdict().get("secret") or hit[0]
        if secret.startswith("[redacted ") or secret in _NO_SECRETS:
            return hit[0]
        return hit[0].replace(secret, self.mark(secret))


_BY_SHAPE = Redactor()


def by_shape(text: str) -> Redacted:
    """`text` without what looks like a secret; for places where no value is known."""
    return _BY_SHAPE(text)


def assignment(key: str, value: str, *, secret: bool) -> Redacted:
    """One `KEY=value` line as evidence; a secret's value shows its length only."""
    if secret and value:
        return Redacted(f"{key}=[redacted {len(value)} chars]")
    return by_shape(f"{key}={value}")
