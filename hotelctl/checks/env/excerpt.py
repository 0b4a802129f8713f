"""How a setting is shown as evidence: its place and its assignment, a secret as its length."""

from hotelctl.core.finding import FileExcerpt
from hotelctl.core.redact import assignment
from hotelctl.facts.env_contract import EnvContract
from hotelctl.facts.env_files import EnvFile
from hotelctl.facts.release_environment import Setting


def of_setting(setting: Setting, contract: EnvContract) -> FileExcerpt:
    """The line of the setting's file, or its source in words."""
    text = assignment(setting.key, setting.value.reveal(), secret=contract.is_secret(setting.key))
    if setting.location is None:
        return FileExcerpt(setting.source, None, text)
    return FileExcerpt(setting.location.path, setting.location.line, text)


def of_rule(key: str, contract: EnvContract) -> FileExcerpt:
    """The contract's own line about `key`."""
    rule = contract.keys[key]
    said = f"type = {rule.type}, required = {', '.join(rule.required) or 'never'}"
    return FileExcerpt(contract.path, contract.lines.get(key), assignment(key, said, secret=False))


def of_line(file: EnvFile, line: int, key: str) -> FileExcerpt:
    """A line of an env file; its value is never shown, whatever the key."""
    entry = next((one for one in file.entries if one.line == line), None)
    return FileExcerpt(file.path, line, assignment(key, entry.value.reveal() if entry else "", secret=True))
