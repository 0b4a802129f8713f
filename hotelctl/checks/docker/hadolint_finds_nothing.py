"""DKR001: hadolint finds nothing."""

from collections import Counter
from collections.abc import Iterator

from hotelctl.checks.docker.every_file import Doubt, every_file
from hotelctl.checks.docker.excerpt import safe
from hotelctl.core.check import check
from hotelctl.core.finding import CommandOutput, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.dockerfile import Dockerfile, Dockerfiles, Instruction
from hotelctl.facts.hadolint import HadolintRuns, Linted, Remark

LEVELS = {"error": Severity.HIGH, "warning": Severity.MEDIUM, "info": Severity.LOW, "style": Severity.INFO}


@check(
    "DKR001",
    "hadolint finds nothing",
    severity=Severity.HIGH,
    rationale="It knows some hundred traps of Dockerfiles and of the shell in them.",
    remediation="Each rule has a page in hadolint's documentation that shows the wrong and the right form.",
    references=("https://github.com/hadolint/hadolint#rules",),
)
def hadolint_finds_nothing(files: Dockerfiles, runs: HadolintRuns) -> Iterator[Finding]:
    """A finding for each of its remarks, under its own id and as severe as it says."""

    def judged(file: Dockerfile) -> Iterator[Finding | Doubt]:
        linted = runs.linted.get(file.path)
        if linted is None:
            yield Doubt(runs.doubts.get(file.path, f"{file.path}: hadolint was not asked"))
        else:
            yield from remarked(file, linted, linted.shown)

    return every_file(files, judged)


def remarked(file: Dockerfile, linted: Linted, found: tuple[Remark, ...]) -> Iterator[Finding]:
    """A finding a remark; the subject names rule and instruction, so that it stays when lines move."""
    seen: Counter[str] = Counter()
    for remark in found:
        words = f"{remark.code} in {_instruction(file, remark.line)}"
        seen[words] += 1
        message = safe(file, remark.message.partition("\n")[0], prose=True)
        yield Finding(
            subject=words if seen[words] == 1 else f"{words} #{seen[words]}",
            message=f"{remark.code}: {message}",
            evidence=(
                CommandOutput(linted.argv, 1, by_shape(f"{file.path}:{remark.line} {remark.code} {message}")),
            ),
            location=Location(file.path, remark.line),
            fix=f"https://github.com/hadolint/hadolint/wiki/{remark.code}"
            if remark.code.startswith("DL")
            else f"https://www.shellcheck.net/wiki/{remark.code}",
            severity=LEVELS.get(remark.level, Severity.MEDIUM),
        )


def _instruction(file: Dockerfile, line: int) -> str:
    every: list[tuple[str, Instruction]] = []
    for stage in file.stages:
        where = f"stage {stage.name or stage.number}"
        every += [(where, one) for one in (stage.start, *stage.instructions)]
    before = [(where, one) for where, one in every if one.line <= line]
    if not before:
        return "the file"
    where, one = before[-1]
    return f"{one.name} of {where}"
