"""The built image beside the one of the release that serves, layer by layer."""

import re
from collections import Counter
from dataclasses import dataclass

from hotelctl.core.images import BuiltImage

# What a layer is copied from changes with its content, as does its commit.
_DIGEST = re.compile(r"\b(?:[0-9a-f]{40}|(?:dir|file|multi):[0-9a-f]+)\b")
_WIDEST = 70


@dataclass(frozen=True, slots=True)
class FormerImage:
    """The image of the release that serves; None where nothing serves, or it runs of none."""

    image: BuiltImage | None = None


def grown(now: BuiltImage, before: BuiltImage) -> tuple[str, int]:
    """The words of the layer that grew most, cut for one line, and by how many bytes."""
    had: Counter[str] = Counter()
    for words, size in zip(before.history, before.added_bytes, strict=False):
        had[_words(words)] += size
    has: Counter[str] = Counter()
    for words, size in zip(now.history, now.added_bytes, strict=False):
        has[_words(words)] += size
    more = {words: size - had[words] for words, size in has.items()}
    most = max(more, key=lambda words: (more[words], words), default="")
    return most, more.get(most, 0)


def _words(text: str) -> str:
    plain = text.removeprefix("/bin/sh -c ").removeprefix("#(nop) ").strip()
    short = " ".join(_DIGEST.sub("...", re.sub(r"^\|\d+ .*?/bin/sh -c ", "", plain, flags=re.DOTALL)).split())
    return short if len(short) <= _WIDEST else f"{short[: _WIDEST - 4]} ..."
