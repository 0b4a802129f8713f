"""Values that the service has in its env file, copied elsewhere in spellings that SEC003 promises to know.

Decoys are as near as can be: a letter less, the first half, a hash, and the values that are too common.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from urllib.parse import quote

from benchmarks.planted.cases import DECOYS, KNOWN, PLACES, Case, placed
from benchmarks.planted.ground import BASE
from benchmarks.planted.values import ALPHABETS, Maker

# Pairs and no table: what follows a colon is what scanners take for a password.
_SHAPES = (
    ("APP_SECRET_KEY", "<<hex:64>>"),
    ("SESSION_SECRET", "<<b64bytes:48>>"),
    ("SMTP_PASSWORD", "<<base62:2>>&<<pw:8>>/<<base62:6>>"),
    ("STRIPE_API_KEY", "<<base62:40>>"),
    ("LDAP_PASSWORD", "<<words:4>>"),
    ("BACKUP_PASSPHRASE", '<<base62:6>>"<<base62:8>>é<<base62:4>>'),
    ("WEBHOOK_SECRET", "<<uuid>>"),
    ("DATABASE_URL_PASSWORD", "<<base62:20>>"),
)
_URL = "REPORTS_DATABASE_URL"
# Too common to be searched for, or no secret by its name.
_PLAIN = "APP_TITLE"
_COMMON = (("DEV_PASSWORD", "postgres"), ("TEST_TOKEN", "test1234"), (_PLAIN, "Night desk North"))

_SPELT: Mapping[str, Callable[[str], str]] = {
    "as it is": str,
    "quoted": repr,
    "base64": lambda value: base64.b64encode(value.encode()).decode(),
    "base64 with more": lambda value: base64.b64encode(f"svc:{value}:x".encode()).decode(),
    "base64 of URLs": lambda value: base64.urlsafe_b64encode(value.encode()).decode().rstrip("="),
    "percent-encoded": lambda value: quote(value, safe=""),
    "hex": lambda value: value.encode().hex(),
    "HEX": lambda value: value.encode().hex().upper(),
    "JSON": json.dumps,
    "in a URL": lambda value: f"https://svc:{quote(value, safe='')}@files.acme.example/",
}
_NEAR: Mapping[str, Callable[[str], str]] = {
    "last letter changed": lambda value: value[:-1] + ("x" if value[-1] != "x" else "y"),
    "first half": lambda value: value[: len(value) // 2],
    "back to front": lambda value: value[::-1],
    "sha256": lambda value: hashlib.sha256(value.encode()).hexdigest(),
    "base64 of another": lambda value: base64.b64encode(value[::-1].encode()).decode(),
}
_TEXT = "# seen at <<hex:8>>\nlevel: info\nnote: @@\nend: true\n"


def values() -> dict[str, str]:
    """Name and value as the env file has them."""
    found = {name: Maker(f"known {name}")(shape, {}) for name, shape in _SHAPES}
    password = Maker(f"known {_URL}")("<<base62:22>>", {})
    return {**found, _URL: f"postgresql://reports:{password}@db.acme.example/reports", **dict(_COMMON)}


def files() -> dict[str, str]:
    """What lies there from the start; git ignores the env file, the contract says what is secret."""
    contract = [
        f'[keys.{name}]\ndocs = "One of many."\ntype = "str"\nsecret = {str(name != _PLAIN).lower()}\n'
        for name in values()
    ]
    return {
        **BASE,
        "hotelctl.toml": f'{BASE["hotelctl.toml"]}contract = "env.toml"\n',
        "env.toml": "\n".join(('schema = "hotelctl.env/1"\n', *contract)),
        ".env": "".join(f"{name}='{value}'\n" for name, value in values().items()),
    }


@cache
def cases() -> tuple[Case, ...]:
    """Each spelling in each place, the values in turn; and as many places of each that is only near."""
    return (*_copies(), *_near_ones(), *_common_ones())


def _secrets() -> list[str]:
    found = values()
    url = found[_URL].partition("reports:")[2].partition("@")[0]
    return [*(found[name] for name, _ in _SHAPES), url]


def _copies() -> Iterator[Case]:
    secrets = _secrets()
    for row, (spelling, spell) in enumerate(_SPELT.items()):
        for column, place in enumerate(PLACES):
            value = secrets[(row + column) % len(secrets)]
            yield _made(f"known, {spelling}, {place}", spelling, place, spell(value), value)


def _near_ones() -> Iterator[Case]:
    secrets = _secrets()
    for row, (nearness, change) in enumerate(_NEAR.items()):
        for column, place in enumerate(PLACES):
            value = secrets[(row + column) % len(secrets)]
            yield _made(f"near, {nearness}, {place}", nearness, place, change(value))


def _common_ones() -> Iterator[Case]:
    for name, value in _COMMON:
        for place in PLACES:
            yield _made(f"common, {name}, {place}", "too common", place, value)


def _made(name: str, kind: str, place: str, text: str, value: str = "") -> Case:
    maker = Maker(name)
    directory, inner = f"part-{maker.letters(ALPHABETS['lower'], 6)}", "notes.yaml"
    whole = maker(_TEXT, {}).replace("@@", text)
    group = KNOWN if value else DECOYS
    path = placed(place, f"{directory}/{inner}")
    return Case(name, kind, group, place, path, inner, whole, value, (3, 3))
