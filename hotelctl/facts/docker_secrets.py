"""What in a Dockerfile is a secret: by the name that it is given to, by its shape, by its value."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlsplit

from hotelctl.core.redact import by_shape
from hotelctl.facts.dockerfile import Stage
from hotelctl.facts.placeholder import placeholder
from hotelctl.facts.secret import Secret

# Also without a line between the words, as in PGPASSWORD.
_ALWAYS = re.compile(
    r"\w*(PASSWORD|PASSWD|PASSPHRASE|SECRET|CREDENTIALS?|APIKEY|SECRETKEY|ACCESSKEY|PRIVATEKEY)"
)
_AT_THE_END = re.compile(r"\w*TOKEN|(?!BYPASS|COMPASS)\w*PASS|PWD")
_KEYS = "API SECRET PRIVATE ACCESS SIGNING ENCRYPTION MASTER SSH DEPLOY AUTH SESSION JWT ACCOUNT LICENSE"
_KINDS_OF_KEY = frozenset(_KEYS.split())
# The last word says that the value is about a secret and not one.
_ABOUT_ONE = """
FILE PATH DIR URL URI NAME TTL SECONDS MINUTES HOURS DAYS LENGTH MIN MAX LIMIT SIZE COUNT ALGORITHM TYPE
ENABLED REQUIRED HEADER ISSUER EXPIRY EXPIRES POLICY ID FORMAT PREFIX HOST PORT USER VERSION
"""
_ABOUT = frozenset(_ABOUT_ONE.split())
_NO_VALUE = re.compile(r"(?i)true|false|yes|no|on|off|\d{1,6}|/\S*")
_REFERENCE = re.compile(r"\$(?:\w+|\{[^}]*\})")
_NAME = re.compile(r"[A-Za-z_][\w-]*")
_VALUE = r"(?P<value>\"[^\"]*\"|'[^']*'|[^\s;&|]+)"
_GIVEN = re.compile(r"(?P<between>\s*[=:]\s*|[\"']?\s*,\s*|\s+)" + _VALUE)
_SAID = re.compile(r"(?P<between>\s*[=:]\s*)" + _VALUE)
_LOGIN = re.compile(r"(?P<name>(?:^|\s)(?:-u|--user)(?:\s+|=)[\"']?[^\s:]+:)(?P<value>[^\s\"']+)")
_HEADER = re.compile(
    r"(?i)(?P<name>authorization:\s*(?:\w+\s+)?|x-[\w-]*(?:key|token):\s*)(?P<value>[^\s\"']+)"
)
_LEAST = 8


@dataclass(frozen=True, slots=True)
class DeclaredSecrets:
    """Which names the service's contract calls secret, and the values of its env files under them.

    `doubt` says why the contract could not be asked; empty where there is none, or it was.
    """

    names: frozenset[str] = frozenset()
    values: tuple[Secret, ...] = ()
    doubt: str = ""

    def value_in(self, text: str) -> bool:
        """Whether a value that is long enough to be no accident stands in `text`."""
        return any(len(one) >= _LEAST and one.reveal() in text for one in self.values)


def is_secret_name(name: str) -> bool:
    """Whether what is called so is kept secret everywhere; `*_FILE` and the like only tell where it is."""
    words = re.split(r"[_.-]", name.upper())
    if "PUBLIC" in words or words[-1] in _ABOUT:
        return False
    if any(map(_ALWAYS.fullmatch, words)) or (_AT_THE_END.fullmatch(words[-1]) and name.upper() != "PWD"):
        return True
    return any(a in _KINDS_OF_KEY and b == "KEY" for a, b in pairwise(words))


def is_kept(value: str) -> bool:
    """Whether `value` could be a secret: numbers, switches, paths and nothing at all are none."""
    return bool(value.strip()) and not _NO_VALUE.fullmatch(value.strip())


def is_stand_in(value: str) -> bool:
    """Whether it is a word of examples, or such a word is the password of a URL.

    A reference to a variable is none, it takes what it is given.
    """
    if _REFERENCE.search(value):
        return False
    password = _password(value)
    if password is not None:
        rest = value.replace(f":{password}@", "@", 1)
        return placeholder(password) is not None and not has_secret_shape(rest)
    return not has_secret_shape(value) and placeholder(value) is not None


def _password(value: str) -> str | None:
    try:
        return urlsplit(value).password
    except ValueError:  # no URL that anybody could read
        return None


def has_secret_shape(text: str) -> bool:
    """Whether a key, a token or the password of a URL stands in `text`; a variable in its place does not."""
    plain = _REFERENCE.sub("change-me", text)
    return by_shape(plain) != plain


def hide(text: str, *, prose: bool = False) -> str:
    """`text` without what is given to a secret name, a log-in or a header in it.

    In commands the next word is given to a name, too; in prose only what follows an equals sign or a colon.
    """
    for shape in (_HEADER, _LOGIN):
        text = shape.sub(lambda hit: hit["name"] + _mark(hit["value"]), text)
    return "".join(_hidden(text, _SAID if prose else _GIVEN))


def _hidden(text: str, given: re.Pattern[str]) -> Iterator[str]:
    done = 0
    while name := _NAME.search(text, done):
        yield text[done : name.end()]
        done = name.end()
        hit = given.match(text, done) if is_secret_name(name[0]) else None
        if hit:
            yield hit["between"] + (
                hit["value"] if _REFERENCE.fullmatch(hit["value"]) else _mark(hit["value"])
            )
            done = hit.end()
    yield text[done:]


def _mark(value: str) -> str:
    return value if value.strip("\"'").startswith("[redacted") else f"[redacted {len(value)} chars]"


def hidden_values(stages: Iterable[Stage]) -> tuple[Secret, ...]:
    """The values that ARG, ENV and LABEL give to secret names, so that no excerpt repeats one elsewhere."""
    return tuple(Secret(value) for value in dict.fromkeys(_values(stages)))


def _values(stages: Iterable[Stage]) -> Iterator[str]:
    for stage in stages:
        for one in stage.instructions:
            for name, value in one.pairs:
                if value and is_secret_name(name) and is_kept(value) and not _REFERENCE.fullmatch(value):
                    yield value
