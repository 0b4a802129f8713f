"""The example of an env file: which keys it shows, and how it is written from the contract."""

import re
from collections.abc import Iterator, Mapping

from hotelctl.facts.env_contract import EnvContract, KeyRule

_ASSIGNED = re.compile(r"^[ \t]*(#[ \t]*)?(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=")
_HEAD = "# Copy it and set your own values; those here are placeholders and defaults."


def named_keys(text: str) -> Mapping[str, int]:
    """Every key that a line sets, or shows as a comment, with its first line."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if hit := _ASSIGNED.match(line):
            found.setdefault(hit[2], number)
    return found


def written(contract: EnvContract, before: str = "") -> str:
    """The example for `contract`; of `before` everything stays, and what it lacks is added at its end.

    A repeat changes nothing. Deprecated keys are not added.
    """
    named = named_keys(before)
    blocks = [
        "\n".join(_block(key, rule))
        for key, rule in contract.keys.items()
        if key not in named and rule.deprecated is None
    ]
    if not blocks:
        return before
    start = before.rstrip("\n") or _HEAD
    return "\n\n".join((start, *blocks)) + "\n"


def _block(key: str, rule: KeyRule) -> Iterator[str]:
    yield from (f"# {line}".rstrip() for line in rule.docs.splitlines())
    if rule.owner:
        yield f"# Owner: {rule.owner}"
    shown = rule.example or rule.default
    value = _quoted(shown) if shown else "CHANGE_ME" if rule.secret else ""
    yield f"{key}={value}" if rule.required else f"# {key}={value}"


def _quoted(value: str) -> str:
    """The value as every reader of env files takes it, quoted where it must be."""
    return value if re.fullmatch(r"[^\s'\"#$`\\]*", value) else "'" + value.replace("'", r"\'") + "'"
