"""What a distribution says of itself in its METADATA file.

Source: the packaging specification "Core metadata".
"""

from dataclasses import dataclass
from email.parser import HeaderParser


@dataclass(frozen=True, slots=True)
class PackageMetadata:
    """`requires` are requirement lines as written; the three of the licence are in falling rank."""

    name: str
    version: str
    requires: tuple[str, ...] = ()
    requires_python: str | None = None
    licence_expression: str = ""
    licence_classifiers: tuple[str, ...] = ()
    licence_text: str = ""


def read_metadata(data: bytes) -> PackageMetadata:
    """The fields of one file. Raises `ValueError`: it names no project or no version."""
    said = HeaderParser().parsestr(data.decode("utf-8", errors="replace"))
    name, version = said.get("Name", "").strip(), said.get("Version", "").strip()
    if not name or not version:
        raise ValueError("METADATA names no project and version")
    classifiers = said.get_all("Classifier", [])
    return PackageMetadata(
        name,
        version,
        tuple(said.get_all("Requires-Dist", [])),
        said.get("Requires-Python"),
        said.get("License-Expression", "").strip(),
        tuple(one.strip() for one in classifiers if one.startswith("License ::")),
        said.get("License", "").strip(),
    )
