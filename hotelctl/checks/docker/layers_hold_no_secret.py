"""DKR023: no layer of the built image holds a secret."""

from collections.abc import Iterator

from hotelctl.checks.doubts import require_none
from hotelctl.checks.secrets import unopened
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, HttpExchange, Severity
from hotelctl.core.images import BuiltImage
from hotelctl.core.redact import by_shape
from hotelctl.facts.image_layers import ImageLayers, LayerFind
from hotelctl.facts.waivers import AnsweredArchives

_OK = 200


@check(
    "DKR023",
    "No layer of the built image holds a secret",
    severity=Severity.CRITICAL,
    rationale="A file that a later layer takes away is still in the image, and whoever pulls it has it.",
    remediation="Replace the secret, keep the file out of the build or mount it for one RUN, and build anew.",
    references=("https://docs.docker.com/build/building/secrets/",),
    stage=Stage.BUILD,
)
def layers_hold_no_secret(
    image: BuiltImage, layers: ImageLayers, answered: AnsweredArchives
) -> Iterator[Finding]:
    """A finding for each file that is private by its name, or in which a value of a declared secret stands.

    Archives are opened, but for those that a distribution, or Python itself, brought.

    Raises:
        Unavailable: after them, when an archive was not opened, and nobody answers for it.

    """
    for one in layers.found:
        yield Finding(
            subject=f"/{one.path} of {image.name}",
            message=f"{image.name}: /{one.path} in layer {one.number}, {_what(one)}, {_still(one)}",
            evidence=(
                HttpExchange("GET", f"/images/{image.name}/get", _OK, by_shape(f"{one.digest}: {one.path}")),
            ),
            fix=f"name {one.path.rpartition('/')[2]} in .dockerignore",
        )
    yield from unopened.findings(layers.doubts, answered)
    require_none(unopened.left(layers.doubts, answered).items())


def _what(one: LayerFind) -> str:
    holds = f"holds {', '.join(one.names)}" if one.names else ""
    return " that ".join(part for part in (one.kind or ("a file" if holds else ""), holds) if part)


def _still(one: LayerFind) -> str:
    return f"is in the image although layer {one.gone_in} hides it" if one.gone_in else "is in the image"
