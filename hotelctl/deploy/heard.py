"""What the tests of a release were heard to ask of the database, kept with the release."""

import json
from pathlib import Path
from urllib.parse import urlsplit

from hotelctl.core.scratch import OverheardDatabase
from hotelctl.deploy.operation import Operation
from hotelctl.facts.kept_statements import chosen
from hotelctl.facts.masked_sql import words_of
from hotelctl.facts.migration_set import PATTERNS
from hotelctl.facts.server_log import heard


def keep_heard(operation: Operation, source: Path, database: OverheardDatabase) -> int:
    """How many statements are kept until the release is built; none of them holds a value.

    That they cannot be kept stops nothing: the next release is judged by fewer then.
    """
    try:
        log = database.log()
    except OSError as trouble:
        operation.observer.said(f"what the tests ask of the database is not known: {trouble}")
        return 0
    owner = urlsplit(database.url).username or ""
    found = chosen(heard(log), owner, _words(operation, source))
    if found.statements:
        text = json.dumps(found.to_json(), indent=0)
        _write(operation, operation.layout.heard(operation.id), text.encode())
    return len(found.statements)


def keep_with_release(operation: Operation) -> None:
    """What was kept of the tests stands beside the release's manifest."""
    files, path = operation.world.files, operation.layout.heard(operation.id)
    if files.exists(path):
        _write(operation, operation.layout.statements(operation.id), files.read(path))


def _write(operation: Operation, path: Path, data: bytes) -> None:
    operation.world.files.write_durable(path, data, 0o600)


def _words(operation: Operation, source: Path) -> frozenset[str]:
    """The words of the schema, as its migrations write them."""
    spec, files = operation.configuration.spec.migrations, operation.world.files
    if spec is None:
        return frozenset()
    paths = files.glob(source / spec.directory, PATTERNS[spec.kind])
    return words_of(files.read(path).decode("utf-8", "replace") for path in paths)
