"""The project as it lies there, for one that no service file speaks of yet."""

from collections.abc import Sequence
from pathlib import Path

from hotelctl.core.errors import UsageError
from hotelctl.core.ports import Files, Repository
from hotelctl.facts.code_scan import LIMIT_BYTES
from hotelctl.facts.found.names import entered, is_result
from hotelctl.facts.found.survey import Survey, survey, worth_reading

_MOST_NAMES = 50_000


def looked_at(project: Path, files: Files, repository: Repository) -> tuple[str, ...]:
    """The names of all files that git does not ignore; without a repository of all.

    Env files and results of tests count where git ignores them, as it should; tracked results are samples.

    Raises:
        UsageError: there are more files than can be looked at.

    """
    names = files.names(project, entered, _MOST_NAMES)
    if len(names) >= _MOST_NAMES:
        words = f"{project}: holds more than {_MOST_NAMES} files"
        raise UsageError(words, "run it in the service's own directory")
    unseen = _unseen(repository, names)
    return tuple(name for name in names if name not in unseen)


def surveyed(project: Path, seen: Sequence[str], files: Files) -> Survey:
    """What is found in the files of these names."""
    contents = files.contents(project, [name for name in seen if worth_reading(name)], LIMIT_BYTES)
    return survey(project.name, seen, contents)


def _unseen(repository: Repository, names: Sequence[str]) -> frozenset[str]:
    """Nothing where git cannot be asked; validation says then why it needs a repository."""
    try:
        tracked = frozenset(repository.tracked(("*",)))
        # None that is tracked is ignored, and of thousands of names git takes a quarter of a second.
        others = [name for name in names if name not in tracked]
        ignored = repository.ignored(others) if others else {}
    except UsageError:
        return frozenset()
    samples = (name for name in names if name in tracked and is_result(name))
    made = (name for name, is_so in ignored.items() if is_so and not is_result(name))
    return frozenset((*(name for name in made if not name.rpartition("/")[2].startswith(".env")), *samples))
