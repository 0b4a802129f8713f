"""Archives and a saved image that hold one file, the same bytes each time."""

import gzip
import hashlib
import io
import json
import tarfile
import zipfile

_STAMP = (2026, 1, 2, 3, 4, 6)


def packed(name: str, inner: str, content: bytes) -> bytes:
    """`content` as the file `inner` in an archive of that name."""
    if name.endswith("image.tar"):
        return image(inner, content)
    if name.endswith("nested.zip"):
        return _zip({"inner.tar.gz": _gzip(_tar({inner: content}))})
    if name.endswith(".tar.gz"):
        return _gzip(_tar({inner: content}))
    if name.endswith(".gz"):
        return _gzip(content)
    return _zip({"META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\n", inner: content})


def image(inner: str, content: bytes) -> bytes:
    """As `docker save` writes it: the file came with one layer, and the next one takes it away."""
    directory, _, name = inner.rpartition("/")
    layers = [_tar({inner: content}), _tar({f"{directory}/.wh.{name}".lstrip("/"): b""})]
    named = {f"{hashlib.sha256(layer).hexdigest()}/layer.tar": layer for layer in layers}
    config = {"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers"}}
    manifest = [{"Config": "config.json", "RepoTags": ["acme/site:1"], "Layers": list(named)}]
    about = {"config.json": json.dumps(config).encode(), "manifest.json": json.dumps(manifest).encode()}
    return _tar({**named, **about})


def _tar(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def _zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _STAMP), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
