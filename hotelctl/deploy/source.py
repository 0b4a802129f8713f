"""The clean export of the commit that an operation deploys."""

import tomllib
from pathlib import Path

from hotelctl.core.errors import StepFailed
from hotelctl.deploy.operation import Operation


def export(operation: Operation) -> Path:
    """A fresh export of the commit; whatever an earlier attempt left is replaced."""
    source = operation.layout.source(operation.id)
    operation.world.files.remove(source)
    operation.world.repository.export(operation.tree.commit, source)
    return source


def drop(operation: Operation) -> None:
    """The export is gone."""
    operation.world.files.remove(operation.layout.source(operation.id))


def version(operation: Operation, source: Path) -> str:
    """`[project].version` of the service's version file in the export."""
    name = operation.configuration.spec.service.version_file
    try:
        data = tomllib.loads(operation.world.files.read(source / name).decode())
        return str(data["project"]["version"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StepFailed(f"{name}: no [project].version can be read", "declare the version there") from error
