"""The clean export of the commit that an operation deploys."""

from pathlib import Path

from hotelctl.core.errors import StepFailed
from hotelctl.deploy.operation import Operation
from hotelctl.facts.declared_version import declared_version


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
    """What the service's version file in the export declares."""
    name = operation.configuration.spec.service.version_file
    try:
        return declared_version(name, lambda path: operation.world.files.read(source / path))
    except (OSError, ValueError) as error:
        raise StepFailed(f"{name}: no [project].version can be read", "declare the version there") from error
