import gzip
import io
import json
import tarfile

import pytest

from hotelctl.adapters.saved_image import each_saved_file
from hotelctl.core.errors import Unavailable
from hotelctl.core.images import LayerFile
from tests.facts.test_archives import tarred

_LAYERS = (tarred({"srv/key.txt": b"one"}), tarred({"srv/.wh.key.txt": b""}))


def _saved(layers: tuple[bytes, ...], name: str = "{}/layer.tar") -> dict[str, bytes]:
    named = {name.format(number): layer for number, layer in enumerate(layers)}
    config = json.dumps({"rootfs": {"diff_ids": [f"sha256:{n}" for n in range(len(layers))]}})
    manifest = json.dumps([{"Config": "config.json", "Layers": list(named)}])
    return {**named, "config.json": config.encode(), "manifest.json": manifest.encode()}


def _seen(saved: bytes) -> tuple[int, list[tuple[int, str, str, bytes]]]:
    seen: list[tuple[int, str, str, bytes]] = []

    def look(file: LayerFile) -> None:
        seen.append((file.number, file.digest, file.path, file.read(-1)))

    return each_saved_file(io.BytesIO(saved), look), seen


@pytest.mark.parametrize("name", ["{}/layer.tar", "blobs/sha256/{}"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_each_file_comes_with_its_layer(name: str, pack: "type[bytes]") -> None:
    layers = tuple(pack(layer) for layer in _LAYERS)
    assert _seen(tarred(_saved(layers, name))) == (
        2,
        [(1, "sha256:0", "srv/key.txt", b"one"), (2, "sha256:1", "srv/.wh.key.txt", b"")],
    )


def test_a_layer_that_is_a_link_to_another_is_read() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in _saved((_LAYERS[0], b"")).items():
            entry = tarfile.TarInfo(name)
            if name == "1/layer.tar":
                entry.type, entry.linkname = tarfile.SYMTYPE, "../0/layer.tar"
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    assert [path for _, _, path, _ in _seen(out.getvalue())[1]] == ["srv/key.txt", "srv/key.txt"]


def test_another_name_of_a_file_is_a_file() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as layer:
        first, second = tarfile.TarInfo("app/settings"), tarfile.TarInfo("app/.env")
        first.size, second.type, second.linkname = 3, tarfile.LNKTYPE, "app/settings"
        layer.addfile(first, io.BytesIO(b"one"))
        layer.addfile(second)
    _, seen = _seen(tarred(_saved((out.getvalue(),))))
    assert [(path, data) for _, _, path, data in seen] == [("app/settings", b"one"), ("app/.env", b"one")]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("damage", ["second header", "cut in it"])
def test_a_layer_that_cannot_be_read_to_its_end_is_unknown(pack: "type[bytes]", damage: str) -> None:
    layer = bytearray(tarred({"a": b"one", "b": b"two"}))
    second = layer.index(b"b\0", tarfile.BLOCKSIZE)
    if damage == "cut in it":
        del layer[second + 100 :]
    else:
        layer[second : second + 200] = b"x" * 200
    with pytest.raises(Unavailable, match="the layers of the image cannot be read"):
        _seen(tarred(_saved((pack(bytes(layer)),))))


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
