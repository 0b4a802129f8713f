"""ENV022: code reads declared keys only."""

import difflib
from collections.abc import Iterator

from hotelctl.core.check import check
from hotelctl.core.finding import FileExcerpt, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.code_reads import CodeReads, Read
from hotelctl.facts.env_contract import EnvContract
from hotelctl.facts.platform_variables import PLATFORM


@check(
    "ENV022",
    "Code reads declared keys only",
    severity=Severity.HIGH,
    rationale="A key that the contract lacks is set by nobody, and its absence shows when the line runs.",
    remediation="Add the key to the contract, or read the one that is meant.",
)
def code_reads_declared_keys(code: CodeReads, contract: EnvContract) -> Iterator[Finding]:
    """A finding for each unknown name at its first place, and a note for each file that was not looked at."""
    told: set[str] = set()
    for read in code.reads:
        name = read.names[0]
        known = any(one in contract.keys or one in code.given for one in read.names)
        if known or name in told or PLATFORM.fullmatch(name):
            continue
        told.add(name)
        yield _finding(read, contract)
    for path, why in sorted(code.skipped.items()):
        yield Finding(
            subject=path,
            message=f"{path} was not looked at: {why}",
            evidence=(FileExcerpt(path, None, by_shape(why)),),
            location=Location(path),
            severity=Severity.INFO,
        )


def _finding(read: Read, contract: EnvContract) -> Finding:
    near = difflib.get_close_matches(read.names[0], contract.keys, n=1, cutoff=0.8)
    did_you_mean = f"; did you mean {near[0]}?" if near else ""
    names = " or ".join(read.names)
    return Finding(
        subject=read.names[0],
        message=f"{read.path}:{read.line} reads {names}, which is not in {contract.path}{did_you_mean}",
        evidence=(FileExcerpt(read.path, read.line, by_shape(f"{read.how}: {names}")),),
        location=Location(read.path, read.line),
        fix=f'[keys.{read.names[0]}]\ndocs = "..."',
    )
