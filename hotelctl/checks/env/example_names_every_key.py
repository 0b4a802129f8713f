"""ENV024: the example names every key of the contract."""

from collections.abc import Iterator

from hotelctl.checks.env import excerpt
from hotelctl.core.check import check
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import Finding, Location, Severity
from hotelctl.facts.env_contract import EnvContract
from hotelctl.facts.env_example import named_keys
from hotelctl.facts.env_files import OtherEnvFiles


@check(
    "ENV024",
    "The example names every key of the contract",
    severity=Severity.MEDIUM,
    rationale="Who sets the service up copies the example, and never learns of a key that it leaves out.",
    remediation="hotelctl env example --write",
)
def example_names_every_key(contract: EnvContract, others: OtherEnvFiles) -> Iterator[Finding]:
    """A finding for every key that the example neither sets nor shows; old names may be absent."""
    if others.example is None:
        raise NotApplicable("no example is present")
    named = named_keys(others.example.text.reveal())
    for key, rule in contract.keys.items():
        if key not in named and rule.deprecated is None:
            yield Finding(
                subject=key,
                message=f"{others.example.path} lacks {key} of {contract.path}:{contract.lines.get(key)}",
                evidence=(excerpt.of_rule(key, contract),),
                location=Location(others.example.path),
                fix="hotelctl env example --write",
            )
