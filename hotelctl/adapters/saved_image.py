"""The layers of an image, read from what the engine saves of it."""

import bz2
import gzip
import hashlib
import json
import lzma
import shutil
import tarfile
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO, Any

from hotelctl.core.errors import Unavailable

_MANIFEST = "manifest.json"
_PACKED: Mapping[bytes, Callable[[IO[bytes]], Any]] = {
    b"\x1f\x8b": lambda layer: gzip.GzipFile(fileobj=layer),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ": lzma.LZMAFile,
}
_SIGN_BYTES = 5
_PIECE_BYTES = 1 << 20
_BROKEN = (
    tarfile.TarError,
    lzma.LZMAError,
    zlib.error,
    OSError,
    EOFError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
)


def each_saved_layer(
    saved: IO[bytes], wanted: Collection[str], take: Callable[[str, Iterator[tuple[str, IO[bytes]]]], None]
) -> None:
    """`take` was given the files of each layer whose digest is `wanted`, oldest first.

    Raises:
        Unavailable: what was saved is cut off, of an unknown form, without one of them, or a layer is not
            what its digest says.

    """
    with _told(), tarfile.open(fileobj=saved, mode="r:") as image:
        (said,) = _json(image, _MANIFEST)
        digests: list[str] = _json(image, said["Config"])["rootfs"]["diff_ids"]
        names = dict(zip(digests, said["Layers"], strict=True))
        if lacks := set(wanted) - names.keys():
            raise ValueError(f"{min(lacks)} is not among them")
        for digest in [one for one in names if one in wanted]:
            with _plain(_opened(image, names[digest]), digest) as layer:
                take(digest, _files(layer))


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except _BROKEN as trouble:
        raise Unavailable(
            f"the layers of the image cannot be read: {str(trouble) or type(trouble).__name__}"
        ) from trouble


def _json(image: tarfile.TarFile, name: str) -> Any:  # noqa: ANN401 - whatever stands there
    return json.loads(_opened(image, name).read())


def _opened(image: tarfile.TarFile, name: str) -> IO[bytes]:
    """A layer that comes twice is a link to the first in older forms, which is followed."""
    content = image.extractfile(name)
    if content is None:
        raise Unavailable(f"the layers of the image cannot be read: {name} is no file")
    return content


@contextmanager
def _plain(layer: IO[bytes], digest: str) -> Iterator[IO[bytes]]:
    """Its bytes as they have that digest; some engines pack them.

    Raises `ValueError` for another layer: what is found in it would be told of this one ever after.
    """
    if _digest(layer) == digest:
        yield layer
        return
    with TemporaryFile() as room:
        # Read again for each question, but unpacked once.
        shutil.copyfileobj(_unpacking(layer), room)
        if _digest(room) != digest:
            raise ValueError(f"a layer is not {digest}")
        yield room


def _unpacking(layer: IO[bytes]) -> Any:  # noqa: ANN401 - a file of one of three kinds
    begin = layer.read(_SIGN_BYTES)
    layer.seek(0)
    return next((unpack(layer) for sign, unpack in _PACKED.items() if begin.startswith(sign)), layer)


def _digest(layer: IO[bytes]) -> str:
    """It stands at its begin again."""
    layer.seek(0)
    content = hashlib.sha256()
    while piece := layer.read(_PIECE_BYTES):
        content.update(piece)
    layer.seek(0)
    return f"sha256:{content.hexdigest()}"


def _files(layer: IO[bytes]) -> Iterator[tuple[str, IO[bytes]]]:
    """Files, and further names of a file. Raises `ValueError` where something is left that is no entry."""
    with tarfile.open(fileobj=layer, mode="r:") as files:
        for one in files:
            content = files.extractfile(one) if one.isreg() or one.islnk() else None
            if content is not None:
                yield one.name.removeprefix("./").lstrip("/"), content
        # What comes after the last entry that can be read is the end of the archive, or damage.
        held: Any = files.fileobj
        held.seek(files.offset)
        if held.read(tarfile.BLOCKSIZE).strip(b"\0"):
            raise ValueError("a layer has a part that cannot be read")
