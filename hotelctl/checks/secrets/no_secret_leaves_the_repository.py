"""SEC005: no secret leaves the repository with a build."""

from collections.abc import Iterator

from hotelctl.checks.doubts import require_none
from hotelctl.checks.secrets import copies, guesses, unopened
from hotelctl.core.check import Stage, check
from hotelctl.core.errors import LeftOut, NotApplicable
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.leaving import ArtifactFiles, ContextFiles, LeavingCopies, LeavingLeaks
from hotelctl.facts.rotation import first_step
from hotelctl.facts.waivers import AnsweredArchives


@check(
    "SEC005",
    "No secret leaves the repository with a build",
    severity=Severity.CRITICAL,
    rationale="What git ignores is sent to the engine and packed into the artifact all the same, and whoever "
    "can pull the image or install the artifact has it.",
    remediation="Give the service a new value and revoke the old one; then name the file in .dockerignore, "
    "or keep it out of the artifact, and build anew.",
    references=("https://docs.docker.com/build/concepts/context/#dockerignore-files",),
    stage=Stage.BUILD,
)
def no_secret_leaves_the_repository(
    sent: ContextFiles,
    built: ArtifactFiles,
    own: LeavingCopies,
    guessed: LeavingLeaks,
    answered: AnsweredArchives,
) -> Iterator[Finding]:
    """One finding a file, and name or rule: values that are in use, as by SEC003, and what the scanner finds.

    Searched are the files that git ignores and .dockerignore does not, and the artifact where another check
    of the run builds it. A deploy asks only of its artifact, and only for values that are in use. Files that
    are private by name are DKR009's. No image is built here: what is written into one is DKR008's.

    Raises:
        NotApplicable: there is no Dockerfile, and nothing is built.
        Unavailable: after them, when a file could not be searched, or an archive was not opened.
        LeftOut: after them, when nobody looked into the artifact.

    """
    if not (sent.dockerfiles or built.name or built.left_out):
        raise NotApplicable("there is no Dockerfile, and no artifact is built")

    def fix(path: str) -> str:
        return f"name {path} in .dockerignore" if path in sent.files else "keep it out of the artifact"

    yield from copies.findings(own.copies, lambda one: f"give {one.names[0]} a new value;\n{fix(one.path)}")
    yield from guesses.findings(
        guessed.argv, guessed.leaks, lambda one: f"{first_step(one.rule)};\n{fix(one.path)}"
    )
    doubts = {**sent.doubts, **own.doubts, **guessed.doubts}
    yield from unopened.findings(doubts, answered)
    require_none(unopened.left(doubts, answered).items())
    if built.left_out:
        raise LeftOut(built.left_out)
