"""A form as the shape that the API takes as JSON, and what is wrong with it in words beside its fields.

JSON says numbers and switches as such and is refused otherwise; a form says everything in text.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

M = TypeVar("M", bound=BaseModel)


def filled(shape: type[M], given: Mapping[str, Any]) -> M:
    """The shape that the form fills. Raises ValidationError."""
    return shape.model_validate(given, strict=False)


def faults(shape: type[BaseModel], given: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, str]:
    """For each field that the shape refuses its words; of a field within a field the inner one's."""
    try:
        filled(shape, given)
    except ValidationError as error:
        names = [_innermost(fault["loc"]) for fault in error.errors()]
        return {name: words[name] for name in names}
    return {}


def _innermost(place: tuple[int | str, ...]) -> str:
    return [part for part in place if isinstance(part, str)][-1]
