"""ENV030: the contract can be read."""

from collections.abc import Iterator

from hotelctl.core.check import check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.env_contract import EnvContract


@check(
    "ENV030",
    "The contract can be read",
    severity=Severity.HIGH,
    rationale="Without the contract no other rule of the environment can give a verdict.",
    remediation="Mend the line that the reason names; hotelctl env explain KEY shows how a key is read.",
)
def contract_is_readable(contract: EnvContract) -> Iterator[Finding]:
    """No finding ever: an unreadable contract, or one without any key, is unknown with its file and line."""
    if not contract.keys:
        raise Unavailable(f"{contract.path}: declares no key, so nothing can be held against it")
    yield from ()
