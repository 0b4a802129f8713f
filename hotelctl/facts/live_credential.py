"""What looks like a credential that works: by its provider's shape, documentation keys told apart.

Source: the prefixes that Stripe, AWS, GitHub, GitLab, Slack, Google, OpenAI, SendGrid and npm document
for their keys.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from hotelctl.core.redact import PROVIDERS

_SHAPES = (*PROVIDERS, ("a private key", re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----")))
# The secret half of an AWS pair has no prefix: its name and its length tell it.
_AWS_SECRET = re.compile(r"(?i)aws_secret[a-z_]*\s*=\s*[\"']?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])")
_KEY = re.compile(r"^[\s#]*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\s*=")
_DOCUMENTED = re.compile(r"(?i)example|sample|dummy|placeholder|change.?me|replace|your|x{6,}|0{8,}|1234567")
_BODY = re.compile(r"(?:\\n|[\s\"'])*([A-Za-z0-9+/=]{24,})")
_MIN_BITS = 2.8


@dataclass(frozen=True, slots=True)
class Credential:
    """Where it stands and what it is; of the text its length alone. `key` is empty outside an assignment."""

    kind: str
    line: int
    length: int
    key: str


def credentials(text: str) -> Iterator[Credential]:
    """Each line's first credential that looks live; keys made for documentation are none."""
    lines = text.splitlines()
    for number, line in enumerate(lines, start=1):
        if found := _first(line, "\n".join(lines[number : number + 2])):
            key = _KEY.match(line)
            yield Credential(found[0], number, found[1], key[1] if key else "")


def live_kind(value: str) -> str | None:
    """What a value alone looks like; None when it is no known provider's."""
    found = _first(value, value)
    return found[0] if found else None


def _first(line: str, below: str) -> tuple[str, int] | None:
    for kind, shape in _SHAPES:
        for hit in shape.finditer(line):
            if kind == "a private key":
                body = _BODY.match(line[hit.end() :] + "\n" + below.replace("#", " "))
                if body and _is_random(body[1]):
                    return kind, len(hit[0]) + len(body[1])
            elif _is_random(hit[0]):
                return kind, len(hit[0])
    hit_secret = _AWS_SECRET.search(line)
    if hit_secret and _is_random(hit_secret[1]):
        return "an AWS secret access key", len(hit_secret[1])
    return None


def _is_random(text: str) -> bool:
    """Whether nobody wrote it to be read: no word of examples, and many different signs."""
    if _DOCUMENTED.search(text):
        return False
    counts = Counter(re.sub(r"^[A-Za-z]+[_-](?:live_)?", "", text))
    total = sum(counts.values())
    return -sum(n / total * math.log2(n / total) for n in counts.values()) >= _MIN_BITS
