"""The forms of a page, as a browser sends them when somebody taps a button."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from hotelctl.app.smoke.talk import Answer, Broken


@dataclass(slots=True)
class Form:
    """Where it goes, what it sends whichever button is tapped, and its buttons."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def tapped(self, value: str) -> dict[str, str]:
        """What is sent when the button of that value is tapped. Raises Broken."""
        for name, offered in self.buttons:
            if offered == value:
                return {**self.fields, name: value}
        raise Broken(f"the form for {self.action} has no button {value!r}")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = True
            self.forms.append(Form(told.get("action", "")))
        elif self._open and tag == "input":
            self.forms[-1].fields[told.get("name", "")] = told.get("value", "")
        elif self._open and tag == "button":
            self.forms[-1].buttons.append((told.get("name", ""), told.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "form"


def form_of(page: Answer, action: str) -> Form:
    """The page's form that goes to that address. Raises Broken."""
    reader = _Reader()
    reader.feed(page.text)
    for form in reader.forms:
        if form.action == action:
            return form
    raise Broken(f"{page.request}: the page has no form for {action}")
