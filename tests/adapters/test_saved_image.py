import bz2
import gzip
import io
import json
import lzma
import tarfile
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import IO

import pytest

from hotelctl.adapters.saved_image import each_saved_layer
from hotelctl.core.errors import Unavailable
from tests.facts.test_archives import tarred

_LAYERS = (tarred({"srv/key.txt": b"one"}), tarred({"srv/.wh.key.txt": b""}))


def _digest(layer: bytes) -> str:
    return f"sha256:{sha256(layer).hexdigest()}"


def _saved(
    layers: Sequence[bytes], name: str = "{}/layer.tar", digests: Sequence[str] = ()
) -> dict[str, bytes]:
    named = {name.format(number): layer for number, layer in enumerate(layers)}
    config = json.dumps({"rootfs": {"diff_ids": [*(digests or map(_digest, layers))]}})
    manifest = json.dumps([{"Config": "config.json", "Layers": list(named)}])
    return {**named, "config.json": config.encode(), "manifest.json": manifest.encode()}


def _seen(saved: bytes, *wanted: bytes) -> list[tuple[str, str, bytes]]:
    seen: list[tuple[str, str, bytes]] = []

    def take(digest: str, files: Iterator[tuple[str, IO[bytes]]]) -> None:
        seen.extend((digest, path, content.read()) for path, content in files)

    each_saved_layer(io.BytesIO(saved), [*map(_digest, wanted or _LAYERS)], take)
    return seen


@pytest.mark.parametrize("name", ["{}/layer.tar", "blobs/sha256/{}"])
@pytest.mark.parametrize(
    "pack", [bytes, gzip.compress, bz2.compress, lzma.compress], ids=["plain", "gzip", "bzip2", "xz"]
)
def test_each_file_comes_with_its_layer(name: str, pack: "type[bytes]") -> None:
    digests = [*map(_digest, _LAYERS)]
    assert _seen(tarred(_saved([*map(pack, _LAYERS)], name, digests))) == [
        (digests[0], "srv/key.txt", b"one"),
        (digests[1], "srv/.wh.key.txt", b""),
    ]


def test_a_layer_that_nobody_asks_about_is_not_read() -> None:
    broken = (b"no archive", _LAYERS[1])
    assert [path for _, path, _ in _seen(tarred(_saved(broken)), _LAYERS[1])] == ["srv/.wh.key.txt"]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_another_layer_than_its_digest_says_is_unknown(pack: "type[bytes]") -> None:
    saved = _saved([*map(pack, _LAYERS)], digests=[_digest(_LAYERS[0]), _digest(b"other")])
    with pytest.raises(Unavailable, match="a layer is not sha256:"):
        _seen(tarred(saved), b"other")


def test_a_layer_that_was_not_saved_is_unknown() -> None:
    with pytest.raises(Unavailable, match=r"sha256:[0-9a-f]+ is not among them"):
        _seen(tarred(_saved(_LAYERS)), b"other")


def test_a_layer_that_is_a_link_to_another_is_read() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in _saved((_LAYERS[0], b""), digests=[_digest(_LAYERS[0])] * 2).items():
            entry = tarfile.TarInfo(name)
            if name == "1/layer.tar":
                entry.type, entry.linkname = tarfile.SYMTYPE, "../0/layer.tar"
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    assert [path for _, path, _ in _seen(out.getvalue(), _LAYERS[0])] == ["srv/key.txt"]


def test_another_name_of_a_file_is_a_file() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as layer:
        first, second = tarfile.TarInfo("app/settings"), tarfile.TarInfo("app/.env")
        first.size, second.type, second.linkname = 3, tarfile.LNKTYPE, "app/settings"
        layer.addfile(first, io.BytesIO(b"one"))
        layer.addfile(second)
    seen = _seen(tarred(_saved((out.getvalue(),))), out.getvalue())
    assert [(path, data) for _, path, data in seen] == [("app/settings", b"one"), ("app/.env", b"one")]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("damage", ["second header", "cut in it"])
def test_a_layer_that_cannot_be_read_to_its_end_is_unknown(pack: "type[bytes]", damage: str) -> None:
    layer = bytearray(tarred({"a": b"one", "b": b"two"}))
    second = layer.index(b"b\0", tarfile.BLOCKSIZE)
    if damage == "cut in it":
        del layer[second + 100 :]
    else:
        layer[second : second + 200] = b"x" * 200
    saved = _saved([pack(bytes(layer))], digests=[_digest(bytes(layer))])
    with pytest.raises(Unavailable, match="the layers of the image cannot be read"):
        _seen(tarred(saved), bytes(layer))


@pytest.mark.parametrize("cut", [0, 100, 3000])
def test_what_is_cut_off_is_unknown(cut: int) -> None:
    with pytest.raises(Unavailable, match="the layers of the image cannot be read"):
        _seen(tarred(_saved(_LAYERS))[:cut])


@pytest.mark.parametrize("without", ["manifest.json", "config.json", "0/layer.tar"])
def test_what_lacks_a_part_is_unknown(without: str) -> None:
    saved = _saved(_LAYERS)
    del saved[without]
    with pytest.raises(Unavailable, match="cannot be read"):
        _seen(tarred(saved))
