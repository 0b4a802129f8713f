"""Small projects on the disk, and the wheels that a real build backend makes of them."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from hotelctl.facts.wheel import Wheel, open_wheel

PACKAGE = {
    "town/__init__.py": "",
    "town/streets.py": "def names() -> list[str]:\n    return ['High Street']\n",
}
_HEAD = """[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "town"
version = "1.2.0"
requires-python = ">=3.11"
dependencies = ["rich>=14", "psycopg[binary]>=3.2"]

[project.optional-dependencies]
post = ["stripe>=16"]
"""


def written(place: Path, files: Mapping[str, str | bytes]) -> Path:
    """The directory that holds these files."""
    for name, content in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return place


def pyproject(settings: str = "", **changes: str) -> str:
    """The pyproject.toml of the town, words in it replaced by `changes`, with more tables at its end."""
    text = _HEAD
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return f"{text}{settings}"


def wheel_bytes(place: Path, files: Mapping[str, str | bytes] = PACKAGE, settings: str = "") -> bytes:
    """What hatchling builds of a project with these files; its times are those of 2020."""
    written(place, {"pyproject.toml": pyproject(settings), **files})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1577836800")
        return Path(next(WheelBuilder(str(place)).build(directory=str(place / "dist")))).read_bytes()


def wheel(place: Path, files: Mapping[str, str | bytes] = PACKAGE, settings: str = "") -> Wheel:
    """The same, opened."""
    return opened(wheel_bytes(place, files, settings))


def opened(data: bytes) -> Wheel:
    """The wheel in `data`, under the name that it was built with."""
    return open_wheel("town-1.2.0-py3-none-any.whl", data)


def changed(data: bytes, **members: bytes | None) -> bytes:
    """The archive with members replaced, named by the end of their names; None leaves one out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            end = next((one for one in members if info.filename.endswith(one)), None)
            content = old.read(info) if end is None else members[end]
            if content is not None:
                new.writestr(info.filename, content)
    return out.getvalue()


def added(data: bytes, name: str, content: bytes = b"print('here')\n") -> bytes:
    """The archive with one more member, as a hand or a tool puts it in after the build."""
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, content)
    return out.getvalue()
