"""Files of an image that tell which packages it has: a system's package manager writes them, or Python's."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.parser import HeaderParser
from urllib.parse import quote

from packaging.utils import canonicalize_name

_DEBIAN, _ALPINE = "var/lib/dpkg/status", "lib/apk/db/installed"
_PYTHON = ".dist-info/METADATA"
_NAMESPACE = {"deb": "debian", "apk": "alpine"}
ABOUT = ("etc/os-release", "usr/lib/os-release")
"""Where a distribution says what it is called; the first one counts."""


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


def tells(path: str) -> bool:
    """Whether it is such a file."""
    return path in _READERS or path.endswith(_PYTHON)


def materials(path: str, content: bytes) -> tuple[Material, ...]:
    """The packages that the file at `path`, which `tells`, is about."""
    return tuple(_READERS.get(path, _python)(path, content.decode(errors="replace")))


def system(content: bytes) -> str:
    """The distribution as it calls itself in such a file, such as `debian`; empty where it does not."""
    for line in content.decode(errors="replace").splitlines():
        key, _, value = line.partition("=")
        if key == "ID":
            return value.strip("\"'")
    return ""


def _debian(path: str, text: str) -> Iterator[Material]:
    for block in text.split("\n\n"):
        said = HeaderParser().parsestr(block, headersonly=True)
        if said.get("Package") and str(said.get("Status", "")).endswith(" installed"):
            yield Material("deb", str(said["Package"]), str(said["Version"]), path)


def _alpine(path: str, text: str) -> Iterator[Material]:
    for block in text.split("\n\n"):
        said = dict(line.split(":", 1) for line in block.splitlines() if ":" in line)
        if {"P", "V"} <= said.keys():
            yield Material("apk", said["P"], said["V"], path)


def _python(path: str, text: str) -> Iterator[Material]:
    said = HeaderParser().parsestr(text, headersonly=True)
    if said.get("Name") and said.get("Version"):
        yield Material("pypi", canonicalize_name(str(said["Name"])), str(said["Version"]), path)


_READERS: Mapping[str, Callable[[str, str], Iterator[Material]]] = {_DEBIAN: _debian, _ALPINE: _alpine}
