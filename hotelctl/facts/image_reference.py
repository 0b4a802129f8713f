"""The parts of an image's name, as the engine reads it."""

import re
from dataclasses import dataclass

_HOST = re.compile(r"[.:]|^localhost$")
DEFAULT_REGISTRY = "docker.io"


@dataclass(frozen=True, slots=True)
class ImageReference:
    """`text` is as written with its variables filled in; what is left of them makes it `open`."""

    text: str
    registry: str
    repository: str
    tag: str | None
    digest: str | None

    @property
    def is_open(self) -> bool:
        """Whether which image it is depends on what the build is given."""
        return "$" in self.text

    @property
    def is_scratch(self) -> bool:
        """Whether it is the empty image, which has no registry and no version."""
        return self.text == "scratch"

    def is_within(self, allowed: str) -> bool:
        """Whether `allowed`, a registry or the beginning of a path in one, holds this image."""
        wanted = allowed.removesuffix("/")
        full = f"{self.registry}/{self.repository}"
        return full == wanted or full.startswith(f"{wanted}/")


def read_reference(text: str) -> ImageReference:
    """The parts of `text`; without a host it is the engine's own registry, without a path its library.

    Source: distribution/reference: the first part is a host if it holds a dot or a colon, or is localhost.
    """
    name, _, digest = text.partition("@")
    first, slash, rest = name.partition("/")
    registry, path = (first, rest) if slash and _HOST.search(first) else (DEFAULT_REGISTRY, name)
    path, _, tag = path.partition(":")
    if registry == DEFAULT_REGISTRY and "/" not in path:
        path = f"library/{path}"
    return ImageReference(text, registry, path, tag or None, digest or None)
