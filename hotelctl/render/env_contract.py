"""The fields that the reader of env contracts accepts: `python -m` prints docs/env-contract.md."""

import sys
import typing
from collections.abc import Iterator

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from hotelctl.facts.env_contract import SCHEMA, Consumer
from hotelctl.facts.env_rule import EnvRule, RuleKind
from hotelctl.facts.key_rule import KeyRule, Kind, Profile

_HEAD = f"""\
# The env contract

`env.toml`, or the file that `[env] contract` of the service file names, says of each variable what it is for
and what it may hold. `hotelctl init` writes the first one; `hotelctl env explain KEY` shows one key,
`hotelctl env example` writes the example from it, and the rules [ENV001 to ENV032](checks.md#environment)
hold env files, code and the process environment against it.

```toml
schema = "{SCHEMA}"
consumers = ["python-dotenv", "docker-env-file"]   # the programs that read the same env file (ENV008)

[keys.DATABASE_URL]
docs = "The database, entered as its owner."
type = "url"
schemes = ["postgresql"]
secret = true
required = ["staging", "production"]

[keys.MAIL_FROM]
docs = "The sender of mails."
type = "email"
required_when = {{ MAIL_HOST = [] }}

[keys.MAIL_HOST]
docs = "The server that takes mails; without it none are sent."

[[rules]]                                          # what holds of several keys at once (ENV020)
kind = "requires"
key = "MAIL_HOST"
keys = ["MAIL_FROM"]
docs = "A mail without a sender is refused."
```

The file is refused, with its line, for a field that is not here. A key without `required` may be absent.
"""
_OF_KINDS = """\
The first two ask all or none of `keys` where `key` is set; the others are about `keys` alone: exactly one is
set, or those that are set have the same value, different ones, or the same host.
"""
_OF_READERS = """\
without the line it is the first. Where they come to different values from one line, by quotes, ` #`,
`export`, `$` or CRLF, ENV008 says which.
"""


def page() -> str:
    """The whole page."""
    parts = (
        _HEAD,
        "## Fields of `[keys.NAME]`\n",
        _table(KeyRule),
        f"Types: {_several(Kind)}.\nProfiles: {_several(Profile)}.\n",
        "## Fields of `[[rules]]`\n",
        _table(EnvRule),
        f"Kinds: {_several(RuleKind)}.\n{_OF_KINDS}",
        "## Readers\n",
        f"`consumers` are one or more of {_several(Consumer)};\n{_OF_READERS}",
    )
    return "\n".join(parts).rstrip("\n") + "\n"


def _several(kinds: object) -> str:
    return ", ".join(f"`{one}`" for one in typing.get_args(kinds))


def _table(model: type[BaseModel]) -> str:
    rows = "".join(_rows(model))
    return f"| field | default | what |\n|---|---|---|\n{rows}"


def _rows(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield f"| `{name}` | {_default(field)} | {field.description} |\n"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be there"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, bool):
        return str(value).lower()
    return f"`{value}`" if value else "none"


if __name__ == "__main__":
    sys.stdout.write(page())
