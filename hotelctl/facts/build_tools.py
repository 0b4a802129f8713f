"""What belongs to building and not to running: compilers and their packages, and images that hold them."""

import re
from collections.abc import Iterator, Sequence

from hotelctl.facts.image_reference import ImageReference
from hotelctl.facts.shell_words import SimpleCommand

_PACKAGES = re.compile(
    r"(build-essential|build-base|gcc|g\+\+|gcc-c\+\+|clang|make|cmake|autoconf|automake|libtool|pkg-config|ninja-build"
    r"|rustc|cargo|golang(-go)?|go|maven|gradle|default-jdk(-headless)?|openjdk-\d+-jdk(-headless)?"
    r"|(musl|python3|libpq|libffi|libssl|libc6|linux)-dev|linux-headers|[\w.+]+-devel)"
)
_IMAGES = re.compile(
    r"library/(golang|rust|maven|gradle|gcc|buildpack-deps|haskell|swift)$|dotnet/(nightly/)?sdk$"
)
_INSTALL = {
    "apt-get": "install", "apt": "install", "aptitude": "install", "apk": "add", "yum": "install",
    "dnf": "install", "microdnf": "install", "zypper": "install",
}  # fmt: skip
_REMOVE = frozenset({"purge", "remove", "autoremove", "del", "erase"})


def left_behind(commands: Sequence[SimpleCommand]) -> tuple[str, ...]:
    """The build packages that one RUN installs and does not take away again."""
    added = [(one, name) for one in commands for name in _added(one) if _PACKAGES.fullmatch(name)]
    removed = {word for one in commands if _removes(one) for word in one.words[1:]}
    # Of the versions and the repositories only the names count.
    gone = {name for one, name in added if name in removed or _group(one) in removed}
    return tuple(dict.fromkeys(name for _, name in added if name not in gone))


def _added(one: SimpleCommand) -> Iterator[str]:
    if _INSTALL.get(one.program) in one.words:
        yield from (re.split(r"[=@~<>]", word)[0] for word in one.words[1:] if not word.startswith("-"))


def _removes(one: SimpleCommand) -> bool:
    return one.program in _INSTALL and bool(_REMOVE & set(one.words))


def _group(one: SimpleCommand) -> str | None:
    """The name that `apk add --virtual NAME` gives to what it adds."""
    for n, word in enumerate(one.words[:-1]):
        if word in ("--virtual", "-t"):
            return one.words[n + 1]
        if word.startswith("--virtual="):
            return word.partition("=")[2]
    return None


def is_builder(image: ImageReference) -> bool:
    """Whether the image is one that compilers live in."""
    return _IMAGES.search(image.repository) is not None
