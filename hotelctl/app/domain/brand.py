"""What tells a hotel's pages for guests from another's: a colour and a title of the conversation."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

COLOR = r"^#[0-9a-f]{6}$"
LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Brand:
    """Each is None where the hotel never said anything."""

    color: str | None = None
    """Like `#1f4e79`, and nothing else: it stands in a style."""
    widget_title: str | None = None


def of_hotel(stored: Mapping[str, Any]) -> Brand:
    """The brand as the hotel's row has it; what is none there counts as nothing."""
    color, title = stored.get("color"), stored.get("widget_title")
    is_color = isinstance(color, str) and re.fullmatch(COLOR, color) is not None
    is_title = isinstance(title, str) and 0 < len(title) <= LONGEST_TITLE
    return Brand(color if is_color else None, title if is_title else None)
