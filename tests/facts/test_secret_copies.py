import base64
import gzip
import json
import urllib.parse

import pytest

from hotelctl.core.redact import Redactor
from hotelctl.facts.secret import Secret
from hotelctl.facts.secret_copies import NamedSecret, Search, SecretValues, copies
from tests.facts.test_archives import tarred, zipped

_VALUE = 'gR7"k/ü 2x+Vq&9w'
_MARK = Redactor(b"key").mark


def _found(content: bytes, value: str = _VALUE) -> list[tuple[int, bool]]:
    one = NamedSecret(("LOGIN",), Secret(value))
    return [(copy.line, copy.encoded) for copy in copies([one], {"a": content}, _MARK).found]


def test_the_value_itself_is_found_in_its_line() -> None:
    assert _found(f"first\nLOGIN={_VALUE}\nlast".encode()) == [(2, False)]
    assert _found(b"first\nlast") == []


@pytest.mark.parametrize(
    "spelt",
    [
        base64.b64encode(_VALUE.encode()).decode(),
        base64.b64encode(f"user:{_VALUE}".encode()).decode(),
        base64.urlsafe_b64encode(f"us:{_VALUE}!".encode()).decode(),
        _VALUE.encode().hex(),
        _VALUE.encode().hex().upper(),
        urllib.parse.quote(_VALUE, safe=""),
        urllib.parse.quote_plus(_VALUE),
        json.dumps(_VALUE),
        repr(_VALUE),
    ],
)
def test_it_is_found_in_every_spelling(spelt: str) -> None:
    assert [line for line, _ in _found(f"\nx = {spelt}\n".encode())] == [2]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_it_is_found_in_other_encodings(encoding: str) -> None:
    assert _found(f"first\nLOGIN={_VALUE}\n".encode(encoding)) == [(2, False)]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("value", ["kX9vv7qL\nw2pQ-3rT", "kX9vv7qL\r\nw2pQ-3rT\r\n", "kX9vv7qL\nw2pQ-3rT\n"])
def test_a_value_of_several_lines_is_found_however_they_end(value: str, end: str) -> None:
    assert _found(f"first{end}kX9vv7qL{end}w2pQ-3rT".encode(), value) == [(2, False)]
    assert _found(b"kX9vv7qL w2pQ-3rT", value) == []


def test_a_compressed_archive_is_opened_and_its_member_told() -> None:
    one = NamedSecret(("LOGIN",), Secret(_VALUE))
    line = f"first\nLOGIN={_VALUE}\n".encode()
    files = {
        "a.whl": zipped({"in.tgz": gzip.compress(tarred({"b.py": line}))}),
        "plain.tar": tarred({"c": line}),
    }
    found = copies([one], files, _MARK).found
    assert [(copy.path, copy.line) for copy in found] == [("a.whl!in.tgz!b.py", 2), ("plain.tar!c", 2)]


def test_a_value_in_an_archive_outside_of_its_members_is_told_of_the_archive() -> None:
    one = NamedSecret(("LOGIN",), Secret("kX9vv7qLw2pQ-3rT"))
    (found,) = copies([one], {"a.zip": zipped({"kX9vv7qLw2pQ-3rT.txt": b"text"})}, _MARK).found
    assert found.path == "a.zip"


def test_a_line_with_both_spellings_is_told_once_and_each_line_for_itself() -> None:
    spelt = base64.b64encode(_VALUE.encode()).decode()
    assert _found(f"{spelt} {_VALUE}\n{spelt}\n".encode()) == [(1, False), (2, True)]


def test_the_name_of_a_file_is_searched_and_not_repeated() -> None:
    one = NamedSecret(("LOGIN",), Secret("kX9vv7qLw2pQ"))
    for name, encoded in (("kX9vv7qLw2pQ", False), (b"kX9vv7qLw2pQ".hex(), True)):
        (copy,) = copies([one], {f"notes/{name}.md": b""}, _MARK).found
        assert (copy.path, copy.named, copy.encoded) == (f"notes/{_MARK('kX9vv7qLw2pQ')}", True, encoded)
        assert copy.place == ("its name (encoded)" if encoded else "its name")


def test_a_copy_tells_the_names_and_a_mark_only() -> None:
    one = NamedSecret(("LOGIN", "OTHER"), Secret(_VALUE))
    (copy,) = copies([one], {"a": _VALUE.encode()}, _MARK).found
    assert (copy.names, copy.mark) == (("LOGIN", "OTHER"), _MARK(_VALUE))
    assert _VALUE not in repr(copy)


def test_one_line_of_ten_megabytes_is_searched() -> None:
    filling = b"x" * 5_000_000
    assert _found(filling + _VALUE.encode() + filling) == [(1, False)]


def _values(*found: tuple[str, str, str]) -> dict[str, tuple[str, ...]]:
    return {one.value.reveal(): one.names for one in SecretValues.of(found).known}


def test_of_a_server_s_url_only_the_password_is_secret() -> None:
    assert _values(("", "URL", "postgresql://me:kX9%2Fvv7qLw2@db/x")) == {
        "kX9%2Fvv7qLw2": ("URL",),
        "kX9/vv7qLw2": ("URL",),
    }
    assert _values(("", "URL", "postgresql://db.internal:5432/hotel")) == {}
    for url, secret in (
        ("postgresql://me:kX9#vv7qLw2@db/x", "kX9#vv7qLw2"),
        ("jdbc:postgresql://db/x?user=me&password=kX9vv7qLw2", "kX9vv7qLw2"),
        ("postgresql://db/x?password=kX9%23vv7qLw2", "kX9#vv7qLw2"),
        ("amqps://kX9vv7qLw2@host", "kX9vv7qLw2"),
    ):
        assert secret in _values(("", "URL", url)), url
    hook = "https://hooks.invalid/services/T01/B02/kX9vv7qLw2pQ"
    assert _values(("", "HOOK", hook)) == {hook: ("HOOK",)}


def test_equal_values_have_all_names_and_their_files_are_known() -> None:
    found = SecretValues.of([(".env", "A", _VALUE), (".env.b", "B", _VALUE), ("", "C", _VALUE)])
    assert [one.names for one in found.known] == [("A of .env", "B of .env.b", "C")]
    assert found.files == {".env", ".env.b"}


@pytest.mark.parametrize("value", ["short", "password", "postgres1", "aaaaaaaaaaaa"])
def test_what_stands_anywhere_is_not_searched_for_but_named(value: str) -> None:
    found = SecretValues.of([(".env", "A", value)])
    assert (found.known, found.left) == ((), ("A of .env",))


@pytest.mark.parametrize(
    "value",
    [
        '{"auth_uri": "https://accounts.invalid", "key": "kX9vv7qLw2"}',
        "Endpoint=sb://x.invalid/;SharedAccessKey=kX9vv7qLw2",
    ],
)
def test_a_text_that_holds_an_address_is_a_value_like_others(value: str) -> None:
    assert _values(("", "A", value)) == {value: ("A",)}


def test_values_that_have_their_middle_in_common_are_told_apart() -> None:
    one, two = ("first-word-Tr0ub4dor-and-3-the-end", "other-word-Tr0ub4dor-and-3-it-all!")
    middle = "Tr0ub4dor-and-3"
    search = Search((NamedSecret(("A",), Secret(one)), NamedSecret(("B",), Secret(two))))
    found = {(known.names, at) for known, _, at in search(f"{middle} {two} {one}".encode())}
    assert found == {(("B",), 16), (("A",), 17 + len(two))}
    assert list(search(f"{one[:-1]} {two[1:]} {middle}".encode())) == []
