"""DKR030: a search through the layers of the built image finds no secret."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from hotelctl.checks.doubts import require_none
from hotelctl.checks.secrets import unopened
from hotelctl.checks.secrets.severity import severity_of
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import CommandOutput, Finding, Severity
from hotelctl.core.images import BuiltImage
from hotelctl.core.redact import by_shape
from hotelctl.core.some_of import some_of
from hotelctl.facts.layer_leaks import LayerLeak, LayerLeaks
from hotelctl.facts.rotation import first_step
from hotelctl.facts.waivers import AnsweredArchives


@check(
    "DKR030",
    "A search through the layers of the built image finds no secret",
    severity=Severity.CRITICAL,
    rationale="What a step of the build wrote, or copied in passing, nobody saw in the repository.",
    remediation="Revoke the value where it was issued, keep it out of the build or mount it for one RUN, and "
    "build anew; delete what was pushed.",
    references=("https://docs.docker.com/build/building/secrets/",),
    stage=Stage.AUDIT,
)
def scanner_finds_no_secret_in_layers(
    image: BuiltImage, layers: LayerLeaks, answered: AnsweredArchives
) -> Iterator[Finding]:
    """A finding a rule of the scanner and file, where it is more than a guess and no sample.

    Archives are opened. Not searched is what lies where a distribution, or Python itself, keeps its own.

    Raises:
        Unavailable: after them, when an archive was not opened, and nobody answers for it.

    """
    together: defaultdict[tuple[int, str, str], list[LayerLeak]] = defaultdict(list)
    for one in layers.found:
        together[one.number, one.leak.path, one.leak.rule].append(one)
    for _, found in sorted(together.items()):
        yield _finding(image, layers.argv, found)
    yield from unopened.findings(layers.doubts, answered)
    require_none(unopened.left(layers.doubts, answered).items())


def _finding(image: BuiltImage, argv: tuple[str, ...], found: Sequence[LayerLeak]) -> Finding:
    worst = max(found, key=lambda one: severity_of(one.leak))
    marks = some_of(tuple(dict.fromkeys(f"{one.leak.place} {one.leak.mark}" for one in found)))
    hidden = f" although layer {worst.gone_in} hides it" if worst.gone_in else ""
    place = f"/{worst.leak.path} in layer {worst.number}"
    said = f"{worst.leak.rule} ({worst.leak.confidence} confidence): {marks}"
    words = f"{image.name}: {place}, which is in the image{hidden}: {said}"
    return Finding(
        subject=f"{worst.leak.rule} in /{worst.leak.path} of {image.name}",
        message=words,
        evidence=(CommandOutput(argv, 1, by_shape(words)),),
        fix=f"{first_step(worst.leak.rule)};\nname {worst.leak.path.rpartition('/')[2]} in .dockerignore",
        severity=severity_of(worst.leak),
    )
