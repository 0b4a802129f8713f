"""ENV025: secrets stay on the server."""

import re
from collections.abc import Iterator

from hotelctl.checks.env import excerpt
from hotelctl.core.check import check
from hotelctl.core.finding import FileExcerpt, Finding, Location, Severity
from hotelctl.facts.env_contract import EnvContract
from hotelctl.facts.exposed_secret import is_exposed_secret
from hotelctl.facts.live_credential import live_kind
from hotelctl.facts.release_environment import ReleaseEnvironment


@check(
    "ENV025",
    "Secrets stay on the server",
    severity=Severity.CRITICAL,
    rationale="Build tools write the values of these names into the pages that every visitor downloads.",
    remediation="Take the prefix away, read the key on the server alone, and replace the secret.",
)
def secrets_stay_on_the_server(environment: ReleaseEnvironment, contract: EnvContract) -> Iterator[Finding]:
    """A finding for every name under a client prefix, or declared client_exposed, that holds a secret."""
    declared = [key for key, rule in contract.keys.items() if rule.secret and contract.is_exposed(key)]
    for key in declared:
        yield _finding(key, "is a secret of the contract", excerpt.of_rule(key, contract))
    for setting in environment.filled():
        if setting.key in declared or not contract.is_exposed(setting.key):
            continue
        kind = live_kind(setting.value.reveal())
        unknown = setting.key not in contract.keys
        if kind or (unknown and is_exposed_secret(setting.key)):
            # Its value is hidden whatever the contract says of it.
            shown = excerpt.of_setting(setting, EnvContract(contract.path, {}))
            yield _finding(setting.key, f"holds {kind}" if kind else "has the name of a secret", shown)


def _finding(key: str, what: str, shown: FileExcerpt) -> Finding:
    return Finding(
        subject=key,
        message=f"{key} {what} and reaches every visitor of a page",
        evidence=(shown,),
        location=Location(shown.path, shown.line),
        fix=f"{re.sub('^(NEXT_PUBLIC|VITE|PUBLIC|REACT_APP)_', '', key)}=...",
    )
