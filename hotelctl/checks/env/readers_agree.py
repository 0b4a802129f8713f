"""ENV008: all readers of an env file come to the same values."""

from collections.abc import Iterator

from hotelctl.checks.env import excerpt
from hotelctl.core.check import check
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import FileExcerpt, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.env_contract import EnvContract
from hotelctl.facts.env_files import EnvFile, EnvFiles
from hotelctl.facts.env_readers import Difference, differences
from hotelctl.facts.release_environment import ReleaseEnvironment


@check(
    "ENV008",
    "All readers of an env file come to the same values",
    severity=Severity.HIGH,
    rationale="Quotes, comments and dollar signs mean something else to each program that reads the line.",
    remediation="Write NAME=value without quotes, spaces, # and $; such values belong into another store.",
    references=("docker/cli opts.ParseEnvFile", "POSIX.1-2017, Shell Command Language"),
)
def readers_agree(
    files: EnvFiles, contract: EnvContract, environment: ReleaseEnvironment
) -> Iterator[Finding]:
    """A finding for every key whose value the contract's `consumers` differ on, and for refused files."""
    if len(contract.consumers) == 1:
        raise NotApplicable(f"{contract.path} names one reader of env files: {contract.consumers[0]}")
    process = {key: value.reveal() for key, value in environment.process.items()}
    for file in files.used:
        for found in differences(file.text.reveal(), contract.consumers, process):
            yield _finding(file, found)


def _finding(file: EnvFile, found: Difference) -> Finding:
    said = ", ".join(f"{reader}: {words}" for reader, words in found.readers.items())
    causes = " and ".join(found.causes)
    shown = (
        excerpt.of_line(file, found.line, found.key)
        if found.key
        else FileExcerpt(file.path, found.line, by_shape("(text not shown: it may hold a secret)"))
    )
    return Finding(
        subject=found.key or f"{file.path} {next(iter(found.readers))}",
        message=f"{file.path}:{found.line}: {found.key or 'the file'} is read differently ({said}); "
        f"look at {causes}",
        evidence=(shown,),
        location=Location(file.path, found.line),
        fix=f"{found.key or 'NAME'}=value",
    )
