"""Values that look like credentials of a provider: made from a seed, so that none of them stands in a file.

A text holds pieces in double angle brackets: `<<hex:40>>` is forty letters of an alphabet, `<<uuid>>` and
`<<pem:rsa>>` are made as their names say, `<<>>` is nothing and keeps a scanner from what stands around it.
`<<crc>>` is the checksum of GitHub and npm behind thirty letters, `<<crc:grafana>>` that of Grafana.
"""

import base64
import hashlib
import json
import re
import string
import uuid
import zlib
from collections.abc import Callable, Mapping

from benchmarks.planted.keys import PEMS

SEED = "hotelctl planted secrets 1"

_LETTERS = string.ascii_letters
_DIGITS = string.digits
_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
ALPHABETS: Mapping[str, str] = {
    "alpha": _LETTERS,
    "lower": string.ascii_lowercase,
    "upper": string.ascii_uppercase,
    "digit": _DIGITS,
    "hex": "0123456789abcdef",
    "HEX": "0123456789ABCDEF",
    "b32": string.ascii_uppercase + "234567",
    "bech32": "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L",
    "low36": string.ascii_lowercase + _DIGITS,
    "up36": string.ascii_uppercase + _DIGITS,
    "base62": _BASE62,
    "b64": _BASE62 + "+/",
    "url": _BASE62 + "_-",
    "crypt": _BASE62 + "./",
    "pw": _BASE62 + "!*+-._?",
}
_WORDS_DRAWN = """
Anker Birke Distel Eimer Falter Garten Hafen Igel Jacke Kiefer Lampe Mantel Nebel Ofen Pfeffer Quelle Regen
Segel Teich Ufer Vogel Wiese Zaun amber basket candle dune ember fjord gravel harbor ivy jungle kettle lantern
meadow nutmeg orchard pebble quartz river saddle timber umbrella velvet walnut yonder zephyr
"""
_WORDS = tuple(_WORDS_DRAWN.split())
_PIECE = re.compile(r"<<(?:(?P<name>\w+)(?::(?P<more>\w+))?)?>>")


class Maker:
    """Fills the pieces of texts; the same `name` gives the same letters in every run, another one others."""

    def __init__(self, name: str) -> None:
        """Nothing is drawn yet."""
        self._name = name
        self._drawn = 0

    def __call__(self, text: str, known: Mapping[str, str]) -> str:
        """`text` without pieces; what is `known` is taken as it is, or spelt as the piece says."""
        done, parts = 0, []
        for hit in _PIECE.finditer(text):
            parts.append(text[done : hit.start()])
            made = "".join(parts)
            parts = [made, self._piece(hit["name"] or "", hit["more"] or "", made, known)]
            done = hit.end()
        return "".join((*parts, text[done:]))

    def _piece(self, name: str, more: str, before: str, known: Mapping[str, str]) -> str:
        if not name:
            return ""
        if name in known:
            return _SPELT[more](known[name])
        if name == "crc":
            return checksum_hex(before) if more == "grafana" else checksum(before)
        if name in ALPHABETS:
            return self.letters(ALPHABETS[name], int(more))
        return str(_MADE[name](self, more))

    def letters(self, alphabet: str, number: int) -> str:
        """So many of the alphabet."""
        return "".join(alphabet[byte % len(alphabet)] for byte in self.bytes(number))

    def bytes(self, number: int) -> bytes:
        """So many, of which no two draws are alike."""
        self._drawn += 1
        return hashlib.shake_256(f"{SEED}/{self._name}/{self._drawn}".encode()).digest(number)


def checksum(token: str) -> str:
    """Six letters for the letters behind the last underscore. Source: GitHub's words on its token formats."""
    number, letters = zlib.crc32(token.rpartition("_")[2].encode()), ""
    while number:
        number, rest = divmod(number, 62)
        letters = _BASE62[rest] + letters
    return letters.rjust(6, "0")


def checksum_hex(token: str) -> str:
    """Eight hex digits, lowest byte first, for the last word of `token` without its last underscore."""
    word = re.split(r"[\s\"'=]", token)[-1].removesuffix("_")
    return zlib.crc32(word.encode()).to_bytes(4, "little").hex()


def _json_token(maker: Maker, _more: str) -> str:
    claims = {"sub": maker.letters(_DIGITS, 10), "role": "service_role", "iat": 1760000000, "exp": 2075000000}
    parts = [
        json.dumps(part, separators=(",", ":")).encode() for part in ({"alg": "HS256", "typ": "JWT"}, claims)
    ]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (*parts, maker.bytes(32)))


def _words(maker: Maker, number: str) -> str:
    drawn = [_WORDS[byte % len(_WORDS)] for byte in maker.bytes(int(number))]
    return "-".join((*drawn, maker.letters(_DIGITS, 2)))


_MADE: Mapping[str, Callable[[Maker, str], str]] = {
    "uuid": lambda maker, _: str(uuid.UUID(bytes=maker.bytes(16), version=4)),
    "b64bytes": lambda maker, number: base64.b64encode(maker.bytes(int(number))).decode(),
    "words": _words,
    "jwt": _json_token,
    "pem": lambda maker, kind: PEMS[kind](maker.bytes),
}
_SPELT: Mapping[str, Callable[[str], str]] = {
    "": str,
    "b64": lambda value: base64.b64encode(value.encode()).decode(),
    "user": lambda value: base64.b64encode(f"deploy:{value}".encode()).decode(),
    "line": lambda value: json.dumps(value)[1:-1],
    "hex": lambda value: value.encode().hex(),
    "indent": lambda value: value.replace("\n", "\n    "),
}
