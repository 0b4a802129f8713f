"""BLD006: the artifact installs in a fresh environment and imports."""

import shlex
from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.finding import CommandOutput, Finding, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.installation import Imported, Installation


@check(
    "BLD006",
    "The artifact installs in a fresh environment and imports",
    severity=Severity.CRITICAL,
    rationale="A missing dependency shows itself only where nothing else is installed.",
    remediation="Add what is missing to the dependencies and write the hashed requirements again.",
    stage=Stage.BUILD,
)
def artifact_installs_and_imports(installation: Installation, imported: Imported) -> Iterator[Finding]:
    """A finding when the installation or the import of a declared package failed."""
    if installation.install_exit != 0:
        yield Finding(
            subject="install",
            message=f"the artifact does not install: {_last(installation.install_words)}",
            evidence=(_output(installation, installation.install_exit, installation.install_words),),
            fix=shlex.join(installation.install_argv),
        )
    elif imported.exit_code != 0:
        names = ", ".join(imported.names)
        yield Finding(
            subject=names,
            message=f"{names} cannot be imported after installation: {_last(imported.words)}",
            evidence=(_output(installation, imported.exit_code, imported.words),),
            fix=f"python -c 'import {names}'",
        )


def _output(installation: Installation, code: int | None, words: str) -> CommandOutput:
    return CommandOutput(installation.install_argv, code, by_shape(words))


def _last(words: str) -> str:
    return words.strip().splitlines()[-1] if words.strip() else "it said nothing"
