"""Built images made by hand, for checks to judge."""

from dataclasses import replace
from typing import Any

from hotelctl.core.image_trials import Trial
from hotelctl.core.images import BuiltImage
from hotelctl.facts.image_trials import ImageTrials
from tests.checks import made

PREFIX = "org.opencontainers.image."
GOOD = BuiltImage(
    name="notes:1",
    digest=f"sha256:{'a' * 64}",
    user="10001:10001",
    env=(("PATH", "/usr/bin"), ("NOTES_TOKEN_FILE", "/run/secrets/token")),
    health=("CMD", "python", "-c", "0"),
    labels={
        f"{PREFIX}revision": made.COMMIT,
        f"{PREFIX}version": "1.0.0",
        f"{PREFIX}created": "2026-03-01T12:00:00Z",
        f"{PREFIX}source": "https://example.org/notes",
    },
    history=("/bin/sh -c #(nop) ADD file:1 in /", "|1 COMMIT=abc /bin/sh -c make", "USER 10001:10001"),
    size_bytes=100_000_000,
)


def image(**changes: Any) -> BuiltImage:  # noqa: ANN401 - its fields
    """One without a fault, but for these."""
    return replace(GOOD, **changes)


HEALTHY = Trial(1.5, None, "", "listening", ended_after_s=0.2, end_code=0)


def trials(closed: Trial = HEALTHY, opened: Trial | None = None) -> ImageTrials:
    """How its containers did, of a service that also ends with 3."""
    return ImageTrials(closed, opened, healthy_s=30, grace_s=10, clean_exit=(3,))


def labelled(**changes: str) -> BuiltImage:
    """One whose labels are without a fault, but for these; an empty one is missing."""
    labels = {**GOOD.labels} | {f"{PREFIX}{name}": value for name, value in changes.items()}
    return image(labels={name: value for name, value in labels.items() if value})
