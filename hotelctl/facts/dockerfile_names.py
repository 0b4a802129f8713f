"""Which files are Dockerfiles by their names."""

import re

TRACKED = ("Dockerfile*", "*.Dockerfile", "*/Dockerfile*", "Containerfile*", "*/Containerfile*")
"""Git patterns that find them all, and more."""

_NAME = re.compile(r"(?i)(docker|container)file([.-][\w.-]+)?|[\w.-]+\.(docker|container)file")
# Templates, documents and sources that speak of one.
_OTHER = re.compile(
    r"(?i).*\.(dockerignore|containerignore|md|rst|txt|html|py|rb|go|js|ts|sh|json|ya?ml|toml"
    r"|j2|tmpl|tpl|template|erb|in|lock)"
)


def looks_like_dockerfile(path: str) -> bool:
    """Whether the last part of `path` is `Dockerfile`, `Dockerfile.web`, `web.Dockerfile` or the like."""
    name = path.rpartition("/")[2]
    return _NAME.fullmatch(name) is not None and _OTHER.fullmatch(name) is None


def order(path: str) -> tuple[int, bool, str]:
    """A key by which those nearest to the root come first, and of these the plain name."""
    return path.count("/"), path.rpartition("/")[2] != "Dockerfile", path
