"""The cookies that an answer sets, with what it says of them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from hotelctl.core.http import Reply

# Several headers are joined by commas, and a date holds one, too: only before a name is it a border.
_BORDER = re.compile(r",\s*(?=[!#$%&'*+.^_`|~0-9A-Za-z-]+=)")


@dataclass(frozen=True, slots=True)
class SetCookie:
    """One cookie; `attributes` by lower-case name, empty for those without a value."""

    name: str
    value: str
    attributes: Mapping[str, str]

    @property
    def is_removed(self) -> bool:
        """Whether the browser is told to forget it."""
        return self.attributes.get("max-age") == "0"

    def shown(self) -> str:
        """Everything but the value."""
        said = (f"{name}={value}" if value else name for name, value in self.attributes.items())
        return "; ".join((f"{self.name}=...", *said))


def set_cookies(reply: Reply) -> tuple[SetCookie, ...]:
    """All of them, in order.

    Source: RFC 6265, section 4.1.
    """
    text = reply.headers.get("set-cookie", "")
    return tuple(_parsed(part) for part in _BORDER.split(text) if part.strip())


def _parsed(part: str) -> SetCookie:
    pair, *rest = part.split(";")
    name, _, value = pair.partition("=")
    attributes = {}
    for item in rest:
        key, _, said = item.partition("=")
        attributes[key.strip().lower()] = said.strip()
    return SetCookie(name.strip(), value.strip(), attributes)
