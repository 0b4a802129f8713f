"""Private keys that a program can read, made of given bytes: they open nothing."""

import base64
import textwrap
from collections.abc import Callable, Mapping

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

Draw = Callable[[int], bytes]
_EXPONENT = 65537
_SMALL = [n for n in range(3, 2000, 2) if all(n % d for d in range(3, int(n**0.5) + 1, 2))]


def _prime(draw: Draw, size_bytes: int) -> int:
    """Probably one: it passes the test of Fermat to three bases, enough for a key that nobody has."""
    top = 0b11 << (size_bytes * 8 - 2)
    number = int.from_bytes(draw(size_bytes), "big") | top | 1
    while (
        any(number % small == 0 for small in _SMALL)
        or number % _EXPONENT == 1
        or any(pow(base, number - 1, number) != 1 for base in (2, 3, 5))
    ):
        number += 2
    return number


def rsa_key(draw: Draw) -> rsa.RSAPrivateKey:
    """Of 2048 bits."""
    p, q = _prime(draw, 128), _prime(draw, 128)
    d = rsa.rsa_recover_private_exponent(_EXPONENT, p, q)
    parts = (rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q))
    return rsa.RSAPrivateNumbers(p, q, d, *parts, rsa.RSAPublicNumbers(_EXPONENT, p * q)).private_key()


def _pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, form: PrivateFormat) -> str:
    return key.private_bytes(Encoding.PEM, form, NoEncryption()).decode().rstrip()


def _curve(draw: Draw) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(draw(31), "big"), ec.SECP256R1())


def _ed25519(draw: Draw) -> str:
    key = ed25519.Ed25519PrivateKey.from_private_bytes(draw(32))
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode().rstrip()


def _field(content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + content


def _openssh(draw: Draw) -> str:
    """As ssh-keygen writes it, but that the number which is drawn anew each time comes from `draw`, too."""
    seed, check = draw(32), draw(4)
    public = ed25519.Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    both = _field(b"ssh-ed25519") + _field(public)
    secret = check + check + both + _field(seed + public) + _field(b"deploy")
    secret += bytes(range(1, 9))[: -len(secret) % 8]
    whole = b"openssh-key-v1\0" + _field(b"none") + _field(b"none") + _field(b"") + (1).to_bytes(4, "big")
    return _armoured("OPENSSH PRIVATE KEY", whole + _field(both) + _field(secret), 70)


def _armoured(title: str, content: bytes, width: int) -> str:
    body = "\n".join(textwrap.wrap(base64.b64encode(content).decode(), width))
    return f"-----BEGIN {title}-----\n{body}\n-----END {title}-----"


def _pgp(draw: Draw) -> str:
    first, *rest = _armoured("PGP PRIVATE KEY BLOCK", b"\x95\x03\x98\x04" + draw(600), 64).split("\n")
    return "\n".join((first, "", *rest))


def _public(draw: Draw) -> str:
    encoded = _curve(draw).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return encoded.decode().rstrip()


PEMS: Mapping[str, Callable[[Draw], str]] = {
    "rsa": lambda draw: _pem(rsa_key(draw), PrivateFormat.TraditionalOpenSSL),
    "rsa8": lambda draw: _pem(rsa_key(draw), PrivateFormat.PKCS8),
    "ec": lambda draw: _pem(_curve(draw), PrivateFormat.TraditionalOpenSSL),
    "ed25519": _ed25519,
    "openssh": _openssh,
    "pgp": _pgp,
    "public": _public,
    "certificate": lambda draw: _armoured("CERTIFICATE", b"\x30\x82\x02\xf0" + draw(750), 64),
    "body": lambda draw: "\n".join(textwrap.wrap(base64.b64encode(draw(240)).decode(), 64)),
}
