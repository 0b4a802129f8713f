"""ENV005: keys of the env files are in the contract."""

import difflib
from collections.abc import Iterator

from hotelctl.checks.env import excerpt
from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Location, Severity
from hotelctl.facts.env_contract import EnvContract
from hotelctl.facts.env_files import EnvFiles


@check(
    "ENV005",
    "Keys of the env files are in the contract",
    severity=Severity.LOW,
    rationale=(
        "An unknown key is most often a misspelt known one, whose value then silently stays the default."
    ),
    remediation="Correct the name, or add the key to the contract.",
)
def keys_are_known(files: EnvFiles, contract: EnvContract) -> Iterator[Finding]:
    """A finding for every key that the contract does not know, with the nearest one that it does."""
    for file in files.used:
        for entry in file.entries:
            if entry.key in contract.keys:
                continue
            near = difflib.get_close_matches(entry.key, contract.keys, n=1)
            did_you_mean = f"; did you mean {near[0]}?" if near else ""
            yield Finding(
                subject=entry.key,
                message=f"{file.path}:{entry.line}: {entry.key} is not in {contract.path}{did_you_mean}",
                evidence=(excerpt.of_line(file, entry.line, entry.key),),
                location=Location(file.path, entry.line),
                fix=f"{near[0]}=..." if near else f"[keys.{entry.key}]",
            )
