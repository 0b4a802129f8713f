"""The project's pyproject.toml."""

from hotelctl.config.load import PYPROJECT
from hotelctl.config.toml_model import decoded, tables
from hotelctl.core.errors import NotApplicable, Unavailable, UsageError
from hotelctl.facts.pyproject import Pyproject
from hotelctl.facts.pyproject_rules import named_files, named_patterns
from hotelctl.probes.context import Context

_LIMIT_BYTES = 1_000_000


def pyproject(context: Context) -> Pyproject:
    """The file and its tables, or why they cannot be read.

    Raises:
        NotApplicable: there is none.
        Unavailable: nobody wrote so much by hand; it would take minutes.

    """
    project = context.configuration.project
    path = project / PYPROJECT
    if not context.files.is_file(path):
        raise NotApplicable(f"the project has no {PYPROJECT}")
    data = context.files.read(path)
    if len(data) > _LIMIT_BYTES:
        raise Unavailable(f"{PYPROJECT}: has {len(data)} bytes; more than {_LIMIT_BYTES} are not read")
    try:
        text = decoded(data, PYPROJECT)
        found = tables(text, PYPROJECT)
    except UsageError as error:
        return Pyproject(PYPROJECT, data.decode(errors="replace"), {}, error.message)
    beside = {name for name in named_files(found) if context.files.exists(project / name)}
    beside |= {one for one in named_patterns(found) if context.files.glob(project, one)}
    return Pyproject(PYPROJECT, text, found, beside=frozenset(beside))
