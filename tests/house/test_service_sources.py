"""What the sources of the service hold. A deploy runs other tests: these are the same wherever it runs."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from hotelctl.app import contract
from hotelctl.app.store.base import SoftDeleted
from hotelctl.app.store.tables import Base
from tests.app.alarm_accuracy import alarm_section

_ROOT = Path(__file__).parents[2]
_APP = _ROOT / "hotelctl" / "app"
_SETTINGS = {"settings.py", "external_settings.py", "contract.py"}
_SOFT = {
    str(mapper.persist_selectable)
    for mapper in Base.registry.mappers
    if issubclass(mapper.class_, SoftDeleted)
}


def test_every_key_is_read_somewhere() -> None:
    sources = [path for path in _APP.rglob("*.py") if path.name not in _SETTINGS]
    read = {
        node.attr
        for path in sources
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
    }
    current = [name for name, key in contract.variables().items() if "deprecated" not in key]
    unread = {name for name in current if name.lower() not in read}
    # Read by the settings themselves, to refuse the live database, and by the tests.
    assert unread == {"TEST_DATABASE_URL"}


def _statements(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    if not re.search(r"\b(FROM|JOIN|UPDATE)\b", text):
        return  # to parse the whole service takes a second
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_hand_written_statements_say_what_they_do_with_marked_rows() -> None:
    reads = re.compile(rf"\b(FROM|JOIN|UPDATE)\s+(public\.)?({'|'.join(sorted(_SOFT))})\b")
    removes = re.compile(r"^\s*DELETE FROM\b")
    careless = [
        (path.name, statement)
        for path in sorted(_APP.rglob("*.py"))
        if "versions" not in path.parts
        for statement in _statements(path)
        if reads.search(statement) and not removes.match(statement) and "deleted_at" not in statement
    ]
    assert careless == []


def test_the_page_of_accuracy_tells_the_figures_of_emergencies_as_they_are() -> None:
    page = _ROOT / "docs/accuracy-assistant.md"
    assert alarm_section() in page.read_text(encoding="utf-8")
