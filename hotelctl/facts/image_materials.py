"""What an image is made of: the packages of its system and of its Python, as a bill of materials.

Source: CycloneDX 1.6, JSON; package URLs.
"""

import hashlib
import json
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.parser import HeaderParser
from typing import Any
from urllib.parse import quote

from packaging.utils import canonicalize_name

from hotelctl.core.images import LayerFile

_REMOVES, _EMPTIES = ".wh.", ".wh..wh..opq"
_DEBIAN, _ALPINE, _ABOUT = (
    "var/lib/dpkg/status",
    "lib/apk/db/installed",
    ("etc/os-release", "usr/lib/os-release"),
)
_PYTHON = ".dist-info/METADATA"
_HEAD_BYTES = 1 << 24
_NAMESPACE = {"deb": "debian", "apk": "alpine"}


@dataclass(frozen=True, slots=True, order=True)
class Material:
    """One package; `kind` is that of its package URL: deb, apk or pypi. `place` is the file that tells it."""

    kind: str
    name: str
    version: str
    place: str

    def url(self, system: str) -> str:
        """Its package URL; `system` is the distribution."""
        space = f"{system or _NAMESPACE[self.kind]}/" if self.kind in _NAMESPACE else ""
        return f"pkg:{self.kind}/{space}{quote(self.name)}@{quote(self.version, safe='')}"


@dataclass(slots=True)
class MaterialsSearch:
    """Takes one file after the other, in the order of the layers; the last one of a path counts."""

    _found: dict[str, bytes] = field(default_factory=dict)

    def __call__(self, file: LayerFile) -> None:
        """Look at the next one."""
        above, name = posixpath.split(file.path)
        if name == _EMPTIES:
            self._forget(f"{above}/")
        elif name.startswith(_REMOVES):
            gone = posixpath.join(above, name.removeprefix(_REMOVES))
            self._found.pop(gone, None)
            self._forget(f"{gone}/")
        elif file.path in (_DEBIAN, _ALPINE, *_ABOUT) or file.path.endswith(_PYTHON):
            self._found[file.path] = file.read(_HEAD_BYTES)

    def _forget(self, below: str) -> None:
        for path in [one for one in self._found if one.startswith(below)]:
            del self._found[path]

    @property
    def system(self) -> str:
        """The distribution as it calls itself, such as `debian`; empty where the image has none."""
        for path in _ABOUT:
            for line in self._text(path).splitlines():
                key, _, value = line.partition("=")
                if key == "ID":
                    return value.strip("\"'")
        return ""

    def materials(self) -> tuple[Material, ...]:
        """All of them, sorted."""
        return tuple(sorted({*self._debian(), *self._alpine(), *self._python()}))

    def _debian(self) -> Iterator[Material]:
        for block in self._text(_DEBIAN).split("\n\n"):
            said = HeaderParser().parsestr(block, headersonly=True)
            if said.get("Package") and str(said.get("Status", "")).endswith(" installed"):
                yield Material("deb", said["Package"], said["Version"], _DEBIAN)

    def _alpine(self) -> Iterator[Material]:
        for block in self._text(_ALPINE).split("\n\n"):
            said = dict(line.split(":", 1) for line in block.splitlines() if ":" in line)
            if {"P", "V"} <= said.keys():
                yield Material("apk", said["P"], said["V"], _ALPINE)

    def _python(self) -> Iterator[Material]:
        for path in self._found:
            if path.endswith(_PYTHON):
                said = HeaderParser().parsestr(self._text(path), headersonly=True)
                if said.get("Name") and said.get("Version"):
                    yield Material("pypi", canonicalize_name(said["Name"]), said["Version"], path)

    def _text(self, path: str) -> str:
        return self._found.get(path, b"").decode(errors="replace")


def bill(search: MaterialsSearch, image: str, digest: str, created: str) -> bytes:
    """The bill of that image, the same bytes each time; `created` is the time of its commit in ISO 8601."""
    system = search.system
    repository, _, tag = image.rpartition(":")
    root: Mapping[str, Any] = {
        "type": "container",
        "bom-ref": digest,
        "name": repository,
        "version": tag,
        "hashes": [{"alg": "SHA-256", "content": digest.removeprefix("sha256:")}],
    }
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{_uuid(digest)}",
        "version": 1,
        "metadata": {"timestamp": created, "component": root},
        "components": [_component(one, system) for one in search.materials()],
    }
    return json.dumps(document, indent=1, sort_keys=True).encode()


def _component(one: Material, system: str) -> dict[str, Any]:
    url = one.url(system)
    told = {"evidence": {"occurrences": [{"location": f"/{one.place}"}]}}
    return {
        "type": "library",
        "bom-ref": f"{url}#{one.place}",
        "name": one.name,
        "version": one.version,
        "purl": url,
        **told,
    }


def _uuid(digest: str) -> str:
    """One that follows from the image, of the version for such ones."""
    hexes = hashlib.sha256(digest.encode()).hexdigest()
    return f"{hexes[:8]}-{hexes[8:12]}-8{hexes[13:16]}-a{hexes[17:20]}-{hexes[20:32]}"
