"""Writes down what the service sends, one JSON text a line: `-p tests.plugins.statements --statements F`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

_VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
# Tests ask for a bare value at most.
_ASKS_SOMETHING = ("(", " FROM ", " SET ")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option that names the file."""
    parser.addoption("--statements", type=Path, required=False, help="where to write them")


@pytest.fixture(scope="session", autouse=True)
def _recorded(request: pytest.FixtureRequest) -> Iterator[None]:
    path: Path | None = request.config.getoption("--statements")
    seen: set[str] = set()

    def keep(connection: Any, _cursor: Any, statement: str, *_: Any) -> None:  # noqa: ANN401 - the library's
        # The service's engine is asynchronous; the owner's, which migrates, is not.
        text = " ".join(statement.split())
        asks = text.startswith(_VERBS) and any(part in text for part in _ASKS_SOMETHING)
        if connection.dialect.is_async and asks:
            seen.add(text)

    event.listen(Engine, "before_cursor_execute", keep)
    yield
    event.remove(Engine, "before_cursor_execute", keep)
    if path is not None:
        path.write_text("".join(f"{json.dumps(one)}\n" for one in sorted(seen)), encoding="utf-8")
