"""What is wrong with a form, in words beside its fields."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError


def faults(shape: type[BaseModel], given: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, str]:
    """For each field that the shape refuses its words; of a field within a field the inner one's."""
    try:
        shape.model_validate(given)
    except ValidationError as error:
        names = [_innermost(fault["loc"]) for fault in error.errors()]
        return {name: words[name] for name in names}
    return {}


def _innermost(place: tuple[int | str, ...]) -> str:
    return [part for part in place if isinstance(part, str)][-1]
