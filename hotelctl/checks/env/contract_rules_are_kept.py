"""ENV020: the rules of the contract are kept."""

import shlex
from collections.abc import Iterator

from hotelctl.checks.env import excerpt
from hotelctl.core.check import check
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import FileExcerpt, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.env_contract import EnvContract
from hotelctl.facts.env_rule import EnvRule
from hotelctl.facts.release_environment import ReleaseEnvironment


@check(
    "ENV020",
    "The rules of the contract are kept",
    severity=Severity.HIGH,
    rationale="Values that are right each by itself contradict each other only when the service works.",
    remediation="Set, remove or change the keys that the rule names.",
)
def contract_rules_are_kept(environment: ReleaseEnvironment, contract: EnvContract) -> Iterator[Finding]:
    """A finding for every rule of several keys that the values break."""
    if not contract.rules:
        raise NotApplicable(f"{contract.path} has no [[rules]]")
    filled = environment.values()
    for n, rule in enumerate(contract.rules):
        if problem := rule.broken(filled):
            line = contract.rule_lines[n] if n < len(contract.rule_lines) else None
            settings = [environment.settings[name] for name in rule.named() if name in filled]
            yield Finding(
                subject=" ".join((rule.kind, *rule.named())),
                message=f"{contract.path}:{line}: {problem}{f': {rule.docs}' if rule.docs else ''}",
                evidence=(
                    FileExcerpt(contract.path, line, by_shape(f"{rule.kind} {', '.join(rule.named())}")),
                    *(excerpt.of_setting(setting, contract) for setting in settings),
                ),
                location=next(
                    (one.location for one in settings if one.location), Location(contract.path, line)
                ),
                fix=_fix(rule, filled),
            )


def _fix(rule: EnvRule, filled: dict[str, str]) -> str:
    match rule.kind:
        case "requires":
            return "\n".join(f"{name}=..." for name in rule.keys if name not in filled)
        case "excludes":
            return f"unset {shlex.quote(rule.key or '')}"
        case "one_of":
            there = [name for name in rule.keys if name in filled]
            return f"unset {shlex.join(there[1:])}" if there else f"{rule.keys[0]}=..."
        case _:
            return f"{rule.keys[-1]}=..."
