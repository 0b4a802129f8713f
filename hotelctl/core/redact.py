"""The only maker of `Redacted` text: secrets leave here as a length and a short keyed hash."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NewType
from urllib.parse import quote, quote_plus, unquote, urlsplit

from hotelctl.core.lazily import lazily
from hotelctl.core.named_values import may_name
from hotelctl.core.named_values import places as named_values

if TYPE_CHECKING:
    import ahocorasick_rs as words
else:
    words = lazily("ahocorasick_rs")

Redacted = NewType("Redacted", str)

_SHORT, _MOST_SEEN = 2_000, 20_000
# Of long texts, such as the list of all files, this much is remembered.
_MOST_LONG = 4_000_000
_MIN_LENGTH = 6
# What stands in a secret's place; it is never a secret itself, so redacting again changes nothing.
_MARK = r"\[redacted [0-9]+ chars(?: #[0-9a-f]{8})?\]"
# What examples say in a password's place: hidden, a remedy could not be read.
_NO_SECRETS = ("change-me",)
# Words that everybody guesses first and that stand in names and prose: hidden wherever they stand, no report
# could be read. In a URL and beside their name they are hidden all the same.
_PLAIN_WORDS = frozenset(
    {"secret", "password", "passwd", "postgres", "postgresql", "example", "changeme", "default", "testing"}
)
# Each provider's documented shape; what tells live credentials in examples reads this table as well.
PROVIDERS = (
    ("a live Stripe key", re.compile(r"\b[rs]k_live_[A-Za-z0-9]{16,}")),
    ("a Stripe webhook secret", re.compile(r"\bwhsec_[A-Za-z0-9+/=]{24,}")),
    ("an AWS access key id", re.compile(r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b")),
    ("a GitHub token", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})")),
    ("a GitLab token", re.compile(r"\bglpat-[A-Za-z0-9_-]{20,}")),
    ("a Slack token", re.compile(r"\bxox[abeprs]-[A-Za-z0-9-]{20,}")),
    ("a Google API key", re.compile(r"\bAIza[A-Za-z0-9_-]{35}")),
    ("an OpenAI key", re.compile(r"\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{32,}")),
    ("a SendGrid key", re.compile(r"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}")),
    ("an npm token", re.compile(r"\bnpm_[A-Za-z0-9]{36}")),
)
_SHAPES = (
    # A key whose end was cut off is still a key.
    re.compile(
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----"
        r"(?:.*?-----END [A-Z ]*PRIVATE KEY-----|(?:(?:\s|\\[nr])+[A-Za-z0-9+/=]{16,})*)",
        re.DOTALL,
    ),
    # Up to the last @ of the word: people write it into passwords. A port is none.
    re.compile(r"(?<=://)[^\s/@:]*:(?!\d{1,5}[/?#])(?P<secret>[^\s\"]{1,2000})(?=@)"),
    re.compile(r"(?i)\b(?:bearer|basic)\s+(?P<secret>[A-Za-z0-9._~+/=-]{16,})"),
    re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+"),
    # Looser than a provider's own shape: test keys, and tokens whose end was cut off.
    re.compile(r"\b(?:sk|pk|rk)_(?:live|test)_[A-Za-z0-9]{16,}\b"),
    re.compile(r"\bsk-[A-Za-z0-9_-]{20,}\b"),
    re.compile(r"\b(?:gh[pousr]|github_pat)_[A-Za-z0-9_]{20,}\b"),
    re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    # A dump of a schema holds the passwords by which it reaches other servers.
    re.compile(r"\b(?:password|PASSWORD)\s{1,9}'(?=[^'\n]*\w)(?P<secret>(?:[^'\n]|''){1,2000})'"),
    re.compile(r"\bCONNECTION '[^'\n]{0,2000}?\bpassword ?= ?(?!\[redacted )(?P<secret>[^\s']{1,2000})"),
    *(shape for _, shape in PROVIDERS),
)
# Each shape's hits hold one of these: a text without them need not be searched for it, which takes a hundred
# times as long. Whatever stands in for a letter where case does not count is left to the search.
_NEEDLES = (
    *(("PRIVATE KEY",), ("://",), ("",), ("eyJ",), ("k_live_", "k_test_"), ("sk-",)),
    *(("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"), ("AKIA", "ASIA")),
    *(("password", "PASSWORD"), ("CONNECTION '",)),
    *(("k_live_",), ("whsec_",), ("AKIA", "ASIA"), ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_")),
    *(("glpat-",), ("xox",), ("AIza",), ("sk-",), ("SG.",), ("npm_",)),
)


def forms(value: str) -> set[str]:
    """Every spelling under which one value may stand in a text."""
    raw = value.encode("utf-8", "surrogatepass")
    encoded = {base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()}
    percent = {quote(raw, safe=""), quote_plus(raw)}
    escaped = {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], repr(value)[1:-1]}
    return {
        value,
        unquote(value),
        value.encode("utf-8", "backslashreplace").decode(),
        *percent,
        *(re.sub("%..", lambda hit: hit[0].lower(), form) for form in percent),
        *escaped,
        *(json.dumps(form)[1:-1] for form in escaped),
        raw.hex(),
        raw.hex().upper(),
        *encoded,
        *(form.rstrip("=") for form in encoded),
        *_inside_base64(raw),
    }


def _inside_base64(raw: bytes) -> Iterator[str]:
    """The letters that `raw` alone decides where it stands anywhere in a longer encoded text."""
    for before in range(3):
        padded = bytes(before) + raw
        first, end = -(-before * 8 // 6), len(padded) * 8 // 6
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield encode(padded).decode()[first:end]


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
        self._seen: tuple[Mapping[str, str], dict[str, tuple[Redacted, int]]] = (self._marks, {})
        self._seen_long = self._seen
        self._built: tuple[Mapping[str, str], re.Pattern[str]] = (self._marks, re.compile(_MARK))
        self._looked_for: tuple[Mapping[str, str], words.BytesAhoCorasick | None] = (self._marks, None)
        for secret in secrets:
            self.add(secret)

    def add(self, value: str) -> None:
        """Hide `value`, its encoded forms and, of a URL, its password from now on; a plain word is left."""
        password = _url_password(value) or ""
        for secret in (value, password, unquote(password)):
            is_plain = secret.lower() in _PLAIN_WORDS
            if len(secret) < _MIN_LENGTH or secret.endswith("://") or is_plain:
                continue
            mark = self.mark(secret)
            marks = {form: mark for form in forms(secret) if len(form) >= _MIN_LENGTH}
            # A new dictionary: other threads may be redacting with the old one.
            self._marks = {**self._marks, **marks}

    def mark(self, value: str) -> str:
        """What stands in a secret's place: its length and 8 hex digits of a keyed hash."""
        digest = hmac.new(self._key, value.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:8]
        return f"[redacted {len(value)} chars #{digest}]"

    def __call__(self, text: str) -> Redacted:
        """`text` without any secret that is known by value or recognised by shape."""
        return self.count(text)[0]

    def beside(self, name: str, text: str) -> Redacted:
        """The same, where `name` may say that it is secret."""
        before = f"{name}="
        shown = self(before + text) if may_name(name) else ""
        return Redacted(shown.removeprefix(before)) if shown.startswith(before) else self(text)

    def count(self, text: str) -> tuple[Redacted, int]:
        """The redacted text and how many places were replaced."""
        # A report tells most of its words several times. What was learned since makes all of them new.
        if len(text) > _SHORT:
            return self._counted_long(text) if len(text) < _MOST_LONG else self._counted(text)
        marks, seen = self._seen
        if marks is not self._marks or len(seen) > _MOST_SEEN:
            marks, seen = self._seen = (self._marks, {})
        if (known := seen.get(text)) is None:
            known = seen[text] = self._counted(text)
        return known

    def _counted_long(self, text: str) -> tuple[Redacted, int]:
        marks, seen = self._seen_long
        if marks is not self._marks or sum(map(len, seen)) + len(text) > _MOST_LONG:
            marks, seen = self._seen_long = (self._marks, {})
        if (known := seen.get(text)) is None:
            known = self._counted(text)
            # In one step: other threads may be reading it.
            self._seen_long = (marks, {**seen, text: known})
        return known

    def _counted(self, text: str) -> tuple[Redacted, int]:
        text, found = self._by_value(text) if self._holds_one(text) else (text, 0)
        for shape, needles in zip(_SHAPES, _NEEDLES, strict=True):
            if any(needle in text for needle in needles):
                text, hits = shape.subn(self._hide, text)
                found += hits
        text, named = self._by_name(text)
        return Redacted(text), found + named

    def _by_name(self, text: str) -> tuple[str, int]:
        """Without what a name beside it says is secret; last, as a shape may be a part of it."""
        parts: list[str] = []
        done, found = 0, 0
        for start, end in named_values(text):
            parts += (text[done:start], self.mark(text[start:end]))
            done, found = end, found + 1
        return "".join((*parts, text[done:])), found

    def _holds_one(self, text: str) -> bool:
        """Whether a value stands there: the pattern that says where takes long to make, for what is rare."""
        marks = self._marks
        if not marks:
            return False
        known, search = self._looked_for
        if known is not marks or search is None:
            search = words.BytesAhoCorasick([form.encode("utf-8", "surrogatepass") for form in marks])
            self._looked_for = (marks, search)
        return bool(search.find_matches_as_indexes(text.encode("utf-8", "surrogatepass")))

    def _by_value(self, text: str) -> tuple[str, int]:
        parts: list[str] = []
        found = done = 0
        for start, end, marks in self._places(text):
            parts += (text[done:start], *marks)
            done, found = end, found + 1
        return "".join((*parts, text[done:])), found

    def _places(self, text: str) -> Iterator[tuple[int, int, Iterable[str]]]:
        """Values that overlap are one place: what is left of the one would tell of the other."""
        known, pattern = self._compiled()
        hit = pattern.search(text)
        while hit is not None:
            if hit[0] not in known:
                hit = pattern.search(text, hit.end())
                continue
            (start, end), marks = hit.span(), {known[hit[0]]: None}
            hit = pattern.search(text, start + 1)
            while hit is not None and hit.start() < end:
                if hit.end() > end:
                    end = hit.end()
                    marks[known.get(hit[0], "")] = None
                hit = pattern.search(text, hit.start() + 1)
            yield start, end, marks

    def _compiled(self) -> tuple[Mapping[str, str], re.Pattern[str]]:
        """All values with their marks, and a pattern of them: marks that stand already, then the longest."""
        marks = self._marks
        if self._built[0] is not marks:
            ordered = sorted(marks, key=len, reverse=True)
            self._built = (marks, re.compile("|".join((_MARK, *map(re.escape, ordered)))))
        return self._built

    def _hide(self, hit: re.Match[str]) -> str:
        group = "secret" if "secret" in hit.groupdict() else 0
        if hit[group].startswith("[redacted ") or hit[group] in _NO_SECRETS:
            return hit[0]
        (whole, _), (start, end) = hit.span(), hit.span(group)
        return hit[0][: start - whole] + self.mark(hit[group]) + hit[0][end - whole :]


_BY_SHAPE = Redactor()


def by_shape(text: str) -> Redacted:
    """`text` without what looks like a secret; for places where no value is known."""
    return _BY_SHAPE(text)


def assignment(key: str, value: str, *, secret: bool) -> Redacted:
    """One `KEY=value` line as evidence; a secret's value shows its length only."""
    if secret and value:
        return Redacted(f"{key}=[redacted {len(value)} chars]")
    return by_shape(f"{key}={value}")
