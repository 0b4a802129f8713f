"""A form that changes something: what is typed, and what of it the person changed."""

from typing import Any, ClassVar

from pydantic import BaseModel, Field

_LARGEST_VERSION = 2**31 - 1


class EditForm(BaseModel):
    """The version that the page showed; of each field in `edited` its text, and as `was_...` the one shown.

    A colleague's change of a field that the person left as it was is not taken back.
    """

    edited: ClassVar[tuple[str, ...]]
    optional: ClassVar[frozenset[str]] = frozenset()
    """Where an empty field says that there is none."""

    version: int = Field(ge=1, le=_LARGEST_VERSION)

    def meant(self) -> dict[str, str]:
        """What the person changed."""
        typed = {name: _plain(getattr(self, name)) for name in self.edited}
        was = {name: getattr(self, f"was_{name}") for name in self.edited}
        return {name: text for name, text in typed.items() if text != _plain(was[name])}

    def given(self) -> dict[str, Any]:
        """The same as the API takes it."""
        return {
            name: (text or None) if name in self.optional else text for name, text in self.meant().items()
        }

    @classmethod
    def before(cls, thing: object) -> dict[str, str]:
        """What the form begins with."""
        return {name: str(getattr(thing, name) or "") for name in cls.edited}


def _plain(text: str) -> str:
    """Browsers end lines of a text area with two characters."""
    return text.replace("\r\n", "\n").strip()
