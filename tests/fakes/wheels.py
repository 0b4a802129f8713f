"""Small wheels, and their installation into a file system in memory."""

import base64
import hashlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from hotelctl.core.ports import Files

SITE = "lib/python3.11/site-packages"


def record_of(files: Mapping[str, str], info: str = "thing-1.dist-info") -> str:
    """RECORD as a build backend writes it."""
    lines = (f"{name},sha256={_encoded(text)},{len(text)}" for name, text in files.items())
    return "\n".join((*lines, f"{info}/RECORD,,", ""))


def _encoded(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


def wheel(files: Mapping[str, str], info: str = "thing-1.dist-info", record: str | None = None) -> bytes:
    """A wheel of these files with its metadata; `record` replaces its RECORD."""
    held = {**files, f"{info}/METADATA": "Name: thing\n"}
    held[f"{info}/RECORD"] = record_of(held, info) if record is None else record
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in held.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return data.getvalue()


def install(files: Files, data: bytes, venv: Path) -> Path:
    """Site-packages of `venv`, which holds what the wheel holds and what an installer adds."""
    site = venv / SITE
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            files.write_durable(site / name, archive.read(name))
    for path in (site / "thing-1.dist-info" / "INSTALLER", venv / "bin" / "python", venv / "bin" / "thing"):
        files.write_durable(path, b"pip")
    return site
