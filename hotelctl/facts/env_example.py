"""The example of an env file: which keys it shows, and how it is written from the contract."""

import re
from collections.abc import Iterator, Mapping

from hotelctl.facts.env_contract import EnvContract
from hotelctl.facts.env_files import scan
from hotelctl.facts.key_rule import KeyRule

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
        "\n".join(_block(contract.path, key, rule))
        for key, rule in contract.keys.items()
        if key not in named and rule.deprecated is None
    ]
    if not blocks:
        return before
    start = before.rstrip("\n") or _HEAD
    return "\n\n".join((start, *blocks)) + "\n"


def _block(path: str, key: str, rule: KeyRule) -> Iterator[str]:
    yield from (f"# {line}".rstrip() for line in rule.docs.splitlines())
    if rule.owner:
        yield f"# Owner: {' '.join(rule.owner.split())}"
    shown = rule.example or rule.default
    value = _quoted(key, shown) if shown else ""
    if value is None:
        yield f"# Its value cannot be written on one line; {path} has it."
    value = value or ("CHANGE_ME" if rule.secret else "")
    yield f"{key}={value}" if rule.required else f"# {key}={value}"


def _quoted(key: str, value: str) -> str | None:
    """The value as python-dotenv reads it back, quoted where it must be; None where no line can hold it."""
    plain = re.fullmatch(r"[^\s'\"#$`\\]*", value)
    text = value if plain else "'" + value.replace("'", r"\'") + "'"
    entry = scan("", f"{key}={text}").last(key)
    is_same = entry is not None and entry.value.reveal() == value
    return text if is_same and value.splitlines() == [value] else None
