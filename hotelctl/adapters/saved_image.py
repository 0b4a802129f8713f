"""The layers of an image, read from what the engine saves of it."""

import json
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any

from hotelctl.core.errors import Unavailable
from hotelctl.core.images import LayerFile

_MANIFEST = "manifest.json"
_BROKEN = (tarfile.TarError, OSError, EOFError, ValueError, KeyError, IndexError, TypeError)


def each_saved_file(saved: IO[bytes], look: Callable[[LayerFile], None]) -> int:
    """`look` was given each file of each layer, oldest layer first; how many layers there are.

    Raises:
        Unavailable: what was saved is cut off, or of an unknown form.

    """
    with _told(), tarfile.open(fileobj=saved, mode="r:") as image:
        (said,) = _json(image, _MANIFEST)
        names: list[str] = said["Layers"]
        digests: list[str] = _json(image, said["Config"])["rootfs"]["diff_ids"]
        for number, (name, digest) in enumerate(zip(names, digests, strict=True), 1):
            for path, content in _files(_opened(image, name)):
                look(LayerFile(number, digest, path, content.read))
        return len(names)


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


def _files(layer: IO[bytes]) -> Iterator[tuple[str, IO[bytes]]]:
    """Files, and further names of a file. Raises `ValueError` where something is left that is no entry."""
    with tarfile.open(fileobj=layer, mode="r:*") as files:
        for one in files:
            content = files.extractfile(one) if one.isreg() or one.islnk() else None
            if content is not None:
                yield one.name.removeprefix("./").lstrip("/"), content
        # What comes after the last entry that can be read is the end of the archive, or damage.
        held: Any = files.fileobj
        held.seek(files.offset)
        if held.read(tarfile.BLOCKSIZE).strip(b"\0"):
            raise ValueError("a layer has a part that cannot be read")
