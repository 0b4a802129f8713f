"""What is wrong with a form, in words beside its fields."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError


def faults(shape: type[BaseModel], given: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, str]:
    """For each field that the shape refuses its words; nothing if all is well."""
    try:
        shape.model_validate(given)
    except ValidationError as error:
        names = [str(fault["loc"][0]) for fault in error.errors()]
        return {name: words[name] for name in names}
    return {}
