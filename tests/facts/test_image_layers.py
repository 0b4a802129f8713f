import gzip
from hashlib import sha256

import pytest

from hotelctl.facts.image_layers import ImageLayers, finds, together
from hotelctl.facts.layer_contents import CONTENTS
from hotelctl.facts.secret import Secret
from hotelctl.facts.secret_copies import NamedSecret
from tests.facts.test_archives import tarred, zipped
from tests.fakes.layers import asked, digest

_VALUE = "kX9vv7qLw2pQ84Tz"
_KNOWN = (NamedSecret(("LOGIN",), Secret(_VALUE)),)
_KEY = b"-----BEGIN PRIVATE KEY-----\nabc\n"


def _search(*layers: dict[str, bytes]) -> ImageLayers:
    found = asked(finds(_KNOWN, ".env.example", lambda _: "[mark]"), *layers)
    return together([*map(digest, layers)], asked(CONTENTS, *layers), found)


def _found(*layers: dict[str, bytes]) -> list[tuple[int, str, str, tuple[str, ...], int]]:
    found = _search(*layers).found
    return [(one.number, one.path, one.kind, one.names, one.gone_in) for one in found]


@pytest.mark.parametrize(
    ("path", "content", "kind"),
    [
        ("srv/.env", b"A=1\n", "an env file"),
        ("etc/tls/server.key", _KEY, "a key"),
        ("home/app/.netrc", b"machine x\n", "a key"),
        ("home/app/.npmrc", b"//x/:_authToken=abc\n", "a key"),
    ],
)
def test_a_file_is_private_by_its_name(path: str, content: bytes, kind: str) -> None:
    assert _found({path: content, "srv/app.py": b"print()\n"}) == [(1, path, kind, (), 0)]


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("srv/.env.example", b"A=1\n"),
        ("srv/.env", b""),
        ("usr/share/certs/keycert.pem", b"-----BEGIN CERTIFICATE-----\n"),
        ("home/app/.npmrc", b"registry=https://x\n"),
        ("etc/ssl/certs/ca.pem", _KEY),
    ],
)
def test_what_only_looks_like_one_is_fine(path: str, content: bytes) -> None:
    assert _found({path: content}) == []


def test_a_known_value_is_found_in_whatever_file_also_across_two_pieces() -> None:
    far = b"x" * ((1 << 22) - 5) + _VALUE.encode()
    assert _found({"srv/a.bin": far, "srv/b": _VALUE.encode()}) == [
        (1, "srv/a.bin", "", ("LOGIN",), 0),
        (1, "srv/b", "", ("LOGIN",), 0),
    ]


@pytest.mark.parametrize("hides", ["srv/.wh..env", ".wh.srv", "srv/.wh..wh..opq", "srv/.env"])
def test_what_a_later_layer_hides_is_found_where_it_came(hides: str) -> None:
    assert _found({"srv/.env": b"A=1\n"}, {}, {hides: b""}) == [(1, "srv/.env", "an env file", (), 3)]


def test_what_is_hidden_in_a_layer_before_it_came_is_still_there() -> None:
    assert _found({"srv/.wh..env": b""}, {"srv/.env": b"A=1\n"})[0][-1] == 0


def test_a_history_is_one_find() -> None:
    files = {"srv/.git/HEAD": b"ref", "srv/.git/objects/00/11": b"x"}
    assert _found(files) == [(1, "srv/.git", "the git history", (), 0)]


def test_files_are_counted_and_marks_of_removal_are_none() -> None:
    said = _search({"a": b"1", "b": b"2"}, {".wh.a": b""})
    assert (said.layers, said.files) == (2, 2)


def test_archives_are_opened_and_their_members_are_files() -> None:
    inner = zipped({"conf/.env": b"A=1\n", "b.txt": _VALUE.encode()})
    files = {"srv/app.whl": inner, "srv/old.tar.gz": gzip.compress(tarred({"c.zip": inner}))}
    assert _found(files, {"srv/.wh.app.whl": b""}) == [
        (1, "srv/app.whl!conf/.env", "an env file", (), 2),
        (1, "srv/app.whl!b.txt", "", ("LOGIN",), 2),
        (1, "srv/old.tar.gz!c.zip!conf/.env", "an env file", (), 0),
        (1, "srv/old.tar.gz!c.zip!b.txt", "", ("LOGIN",), 0),
    ]


def test_what_a_distribution_packs_is_not_opened_and_what_cannot_be_is_told() -> None:
    broken = zipped({"b.txt": b"1"})[:-9]
    said = _search({"usr/share/doc/a.zip": broken, "srv/a.zip": broken})
    assert list(said.doubts) == ["srv/a.zip"]
    large = b"\x1f\x8b\x08" + bytes(50_000_000)
    why = _search({"srv/a.gz": large}).doubts["srv/a.gz"]
    assert "larger than 50 MB" in why
    assert sha256(large).hexdigest() in why
