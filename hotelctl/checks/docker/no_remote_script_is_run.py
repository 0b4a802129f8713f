"""DKR015: no script from elsewhere is piped into a shell."""

import re
from collections.abc import Iterator, Sequence

from hotelctl.checks.docker.every_file import every_file
from hotelctl.checks.docker.excerpt import of_instruction, place, told_apart
from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.dockerfile import Dockerfile, Dockerfiles
from hotelctl.facts.shell_words import SHELLS, SimpleCommand, shell_text, simple_commands

_LOADERS = frozenset({"curl", "wget", "fetch", "aria2c"})
_INTERPRETERS = re.compile(r"(python[\d.]*|perl|ruby|node|php|pwsh)$")
_SUBSTITUTED = re.compile(
    r"\b((ba|da|a|z|k)?sh|eval|source)\b[^;&|\n]*?(\$\(|<\(|`)\s*(curl|wget)\b|(^|[;&|\n])\s*\.\s+<\(\s*(curl|wget)\b"
)


@check(
    "DKR015",
    "No script from elsewhere is piped into a shell",
    severity=Severity.HIGH,
    rationale="Whoever answers that address decides what the build runs, and half a script runs, too.",
    remediation="Load the file, compare its sha256 with one that is written here, and run it then.",
)
def no_remote_script_is_run(files: Dockerfiles) -> Iterator[Finding]:
    """A finding for every RUN in which a shell or an interpreter reads what a download gives."""
    return every_file(files, _judged)


def _judged(file: Dockerfile) -> Iterator[Finding]:
    for _, run in file.every("RUN"):
        text = shell_text(run)
        scripts = [text, *(script for one in simple_commands(text) if (script := _inner(one)))]
        if any(_SUBSTITUTED.search(one) or _piped(simple_commands(one)) for one in scripts):
            yield Finding(
                subject=f"download into a shell, {file.path} {told_apart(file, run)}",
                message="what a download gives is run without having been looked at",
                evidence=(of_instruction(file, run),),
                location=place(file, run),
                fix='ADD --checksum=sha256:DIGEST URL /tmp/install.sh, then RUN ["sh", "/tmp/install.sh"]',
            )


def _inner(one: SimpleCommand) -> str | None:
    """The script of a `sh -c` inside another script."""
    for n, word in enumerate(one.words[:-1]):
        if one.program in SHELLS and re.fullmatch(r"-[a-z]*c", word):
            return one.words[n + 1]
    return None


def _piped(commands: Sequence[SimpleCommand]) -> bool:
    loaded = False
    for one in commands:
        loaded = one.before.startswith("|") and one.before != "||" and loaded
        if loaded and _reads_its_input(one):
            return True
        loaded = loaded or one.program in _LOADERS
    return False


def _reads_its_input(one: SimpleCommand) -> bool:
    """A shell does unless it is given a script by -c; an interpreter if it is given nothing, or a dash."""
    if one.program in SHELLS:
        return not any(re.fullmatch(r"-[a-z]*c", word) for word in one.options)
    return bool(_INTERPRETERS.fullmatch(one.program)) and set(one.words[1:]) <= {"-"}
