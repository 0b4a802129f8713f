"""Images as `docker save` and OCI layouts hold them: what a later layer took away, and what they say."""

import gzip
import json

import pytest

from hotelctl.core.redact import Redactor
from hotelctl.facts.secret import Secret
from hotelctl.facts.secret_copies import NamedSecret, copies
from tests.facts.test_archives import tarred

_VALUE = "kX9vv7qLw2pQ84Tz"
_LAYERS = (tarred({"srv/key.txt": f"key: {_VALUE}\n".encode()}), tarred({"srv/.wh.key.txt": b""}))


def _config(**more: object) -> bytes:
    return json.dumps({"architecture": "amd64", "rootfs": {"type": "layers"}, **more}).encode()


def _saved(config: bytes, layers: tuple[bytes, ...]) -> bytes:
    named = {f"{number}/layer.tar": layer for number, layer in enumerate(layers)}
    manifest = json.dumps([{"Config": "config.json", "Layers": list(named)}]).encode()
    return tarred({**named, "config.json": config, "manifest.json": manifest})


def _places(files: dict[str, bytes]) -> list[str]:
    one = NamedSecret(("LOGIN",), Secret(_VALUE))
    told = copies([one], files, Redactor(b"key").mark)
    assert not told.doubts
    return [copy.path for copy in told.found]


def test_what_a_later_layer_took_away_is_found_in_the_one_that_brought_it() -> None:
    assert _places({"image.tar": _saved(_config(), _LAYERS)}) == ["image.tar!0/layer.tar!srv/key.txt"]
    packed = tuple(gzip.compress(layer) for layer in _LAYERS)
    assert _places({"image.tar": _saved(_config(), packed)}) == ["image.tar!0/layer.tar!srv/key.txt"]


@pytest.mark.parametrize(
    "config",
    [
        _config(history=[{"created_by": f"|1 TOKEN={_VALUE} /bin/sh -c make", "empty_layer": True}]),
        _config(config={"Env": ["PATH=/bin", f"TOKEN={_VALUE}"]}),
        _config(config={"Labels": {"token": _VALUE}}),
        _config(config={"Cmd": ["serve", f"--token={_VALUE}"]}),
    ],
    ids=["build argument in the history", "variable", "label", "command"],
)
def test_what_the_image_says_of_itself_is_searched(config: bytes) -> None:
    assert _places({"image.tar": _saved(config, ())}) == ["image.tar!config.json"]


def test_an_oci_layout_is_searched_packed_and_as_a_directory() -> None:
    blobs = {
        f"blobs/sha256/{sign * 64}": blob
        for sign, blob in (
            ("a", gzip.compress(_LAYERS[0])),
            ("b", gzip.compress(_LAYERS[1])),
            ("c", _config(config={"Labels": {"token": _VALUE}})),
        )
    }
    laid = {"oci-layout": b'{"imageLayoutVersion": "1.0.0"}', "index.json": b"{}", **blobs}
    layer, config = f"blobs/sha256/{'a' * 64}!srv/key.txt", f"blobs/sha256/{'c' * 64}"
    assert _places({f"out/{name}": held for name, held in laid.items()}) == [f"out/{layer}", f"out/{config}"]
    assert sorted(_places({"out.tar": tarred(laid)})) == [f"out.tar!{layer}", f"out.tar!{config}"]
