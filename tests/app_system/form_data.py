"""What the address of a form may be sent: what a page of ours would send, and what none ever would."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote_from_bytes

from hypothesis import strategies as st

URLENCODED = "application/x-www-form-urlencoded"
CSRF = "csrf"
_BOUNDARY = "a-boundary-of-the-fuzz"
_MULTIPART = f"multipart/form-data; boundary={_BOUNDARY}"
# Nothing, NUL, half a character, no character, lines, numbers, what is not drawn, more than a field takes.
ODD = (
    *(b"", b"a\x00b", b"\xed\xa0\x80", b"\xff\xfe", b"\r\nX: y", b"-1", b"9" * 30),
    *("\u202e\u200b".encode(), "\uff11\uff12".encode(), b"<b>'\"", b"W" * 9_000),
)
_TOO_LARGE = b"W" * 70_000
_ODD_NAMES = ("", "unknown", "csrf[]", "a\x00b", "__class__", "id", "hotel_id", "n" * 5_000)
# Encodings that a sender may claim for the parts: some give half characters, some fail in ways of their own.
_CHARSETS = ("utf-7", "utf-16", "idna", "undefined", "unicode_escape", "punycode", "no-such", "")
_OTHER_TYPES = ("application/json", "text/plain", "", "multipart/form-data", f"{_MULTIPART}; charset=utf-7")


@dataclass(frozen=True, slots=True)
class Field:
    """A field as it is sent; a file has a name of its own."""

    name: str
    value: bytes
    filename: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """The body of a request, with its type."""

    content_type: str
    body: bytes
    is_meant: bool = True
    """Whether it carries the token of the session that only our own pages know."""


def urlencoded(fields: Sequence[Field]) -> bytes:
    """The fields as a page sends them."""
    return "&".join(f"{_escaped(one.name.encode())}={_escaped(one.value)}" for one in fields).encode()


def _escaped(value: bytes) -> str:
    return quote_from_bytes(value, safe="")


def _multipart(fields: Sequence[Field]) -> bytes:
    """The fields as a page with a file sends them."""
    return b"".join(map(_part, fields)) + f"--{_BOUNDARY}--\r\n".encode()


def _part(field: Field) -> bytes:
    name = "".join(sign for sign in field.name if sign.isprintable() and sign not in '"\\')
    file = "" if field.filename is None else f'; filename="{field.filename}"\r\nContent-Type: text/csv'
    head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
    return head.encode() + field.value + b"\r\n"


def fitting(values: Mapping[str, bytes]) -> Sent:
    """All fields as the page sends them; a file is one of the import."""
    if "file" not in values:
        return Sent(URLENCODED, urlencoded([Field(*one) for one in values.items()]))
    fields = [Field(name, value, "e.jsonl" if name == "file" else None) for name, value in values.items()]
    return Sent(_MULTIPART, _multipart(fields))


def one_odd(values: Mapping[str, bytes]) -> Iterator[Sent]:
    """Each field alone with every other odd value, twice, missing, and as a file; the others fit."""
    for place, name in enumerate(values):
        is_meant = name != CSRF
        rest = [Field(*one) for one in values.items() if one[0] != name]
        for odd in ODD[place % 2 :: 2] if is_meant else ODD[:2]:
            yield Sent(URLENCODED, urlencoded([*rest, Field(name, odd)]), is_meant)
        yield Sent(URLENCODED, urlencoded(rest), is_meant)
        yield Sent(URLENCODED, urlencoded([*rest, Field(name, b"\x00"), Field(name, values[name])]))
        yield Sent(_MULTIPART, _multipart([*rest, Field(name, b"\xff\x00", "a.csv")]), is_meant)


def mixed(values: Mapping[str, bytes]) -> st.SearchStrategy[Sent]:
    """Several fields odd at once, repeated, missing, unknown or files, in a body of any type."""
    names = st.sampled_from([*values, *_ODD_NAMES])
    field = st.builds(Field, names, _values(), st.sampled_from([None, None, None, "", "a.csv", "\u202e.csv"]))
    fitted = st.lists(st.sampled_from([Field(*one) for one in values.items()]), unique_by=id)
    fields = st.tuples(fitted, st.lists(field, max_size=3)).map(lambda pair: [*pair[0], *pair[1]])
    return st.one_of(
        fields.map(_by_page), st.tuples(fields, st.sampled_from(_CHARSETS)).map(_claimed), _rubbish()
    )


def _values() -> st.SearchStrategy[bytes]:
    text = st.text(st.characters(codec=None), max_size=60)
    return st.one_of(
        st.sampled_from([*ODD, _TOO_LARGE]), text.map(lambda one: one.encode("utf-8", "surrogatepass"))
    )


def _by_page(fields: Sequence[Field]) -> Sent:
    is_meant = any(one.name == CSRF for one in fields)
    if any(one.filename is not None for one in fields):
        return Sent(_MULTIPART, _multipart(fields), is_meant)
    return Sent(URLENCODED, urlencoded(fields), is_meant)


def _claimed(pair: tuple[Sequence[Field], str]) -> Sent:
    fields, charset = pair
    is_meant = any(one.name == CSRF for one in fields)
    return Sent(f"{_MULTIPART}; charset={charset}", _multipart(fields), is_meant)


def _rubbish() -> st.SearchStrategy[Sent]:
    types = st.sampled_from([*_OTHER_TYPES, URLENCODED, _MULTIPART])
    return st.builds(Sent, types, st.binary(max_size=200), st.just(value=False))
