"""ENV023: declared keys are read."""

from collections.abc import Iterator

from hotelctl.checks.env import excerpt
from hotelctl.core.check import check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Finding, Location, Severity
from hotelctl.facts.code_reads import CodeReads
from hotelctl.facts.env_contract import EnvContract


@check(
    "ENV023",
    "Declared keys are read",
    severity=Severity.LOW,
    rationale="People keep setting, rotating and guarding a key that has no effect any more.",
    remediation="Remove the key from the contract and from the example, or mark it as deprecated.",
)
def declared_keys_are_read(code: CodeReads, contract: EnvContract) -> Iterator[Finding]:
    """A finding for every key without `deprecated` that no source names.

    Raises `Unavailable` where files were skipped or names are composed: one of those may read it.
    """
    unread = [key for key, rule in contract.keys.items() if rule.deprecated is None and not code.is_read(key)]
    if unread and (code.skipped or code.composed):
        place = next(iter(code.skipped), None) or f"{code.composed[0].path}:{code.composed[0].line}"
        raise Unavailable(f"{unread[0]} stands nowhere, but {place} may read it by a name that is not seen")
    for key in unread:
        yield Finding(
            subject=key,
            message=f"{contract.path}:{contract.lines.get(key)}: none of {code.files} files names {key}",
            evidence=(excerpt.of_rule(key, contract),),
            location=Location(contract.path, contract.lines.get(key)),
            fix='deprecated = "not read any more"',
        )
