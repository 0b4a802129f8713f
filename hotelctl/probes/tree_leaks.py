"""betterleaks' search through what git tracks here and what it could be made to track."""

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.kept import Question
from hotelctl.core.ports import WorkTree
from hotelctl.facts import leaks as betterleaks
from hotelctl.facts.leaks import Leak, TreeLeaks
from hotelctl.probes.context import Context

_LARGEST_BYTES = 50_000_000
_MOST_BYTES = 1_000_000_000
_TIMEOUT_S = 300.0
# A file that was removed since, a link and the place of a submodule hold nothing of this repository.
_NOTHING = ("is not there", "is a link", "is no plain file")
_ARCHIVE = "tree.tar"


def tree_leaks(context: Context, tree: WorkTree) -> TreeLeaks:
    """What it finds in tracked files as they lie here, and in new ones that git does not ignore.

    No copy of a secret stays: the archive lies in this command's own directory, for its owner alone.

    Raises:
        NotApplicable: git tracks nothing.
        Unavailable: betterleaks could not judge.

    """
    files, doubts = _files(context, tree)
    if not files and not doubts:
        raise NotApplicable("git tracks no file here")
    words = betterleaks.command(_ARCHIVE)
    # What stands in the place of a secret depends on the key of this project, too.
    inputs = {_ARCHIVE: betterleaks.listing(files), "mark": context.mark(_ARCHIVE).encode()}
    question = Question(betterleaks.PROGRAM, words, inputs)
    found = context.kept.once(
        tuple[Leak, ...], question, lambda: _searched(context, words, betterleaks.packed(files))
    )
    return TreeLeaks((betterleaks.PROGRAM, *words), len(files), found, doubts)


def _searched(context: Context, words: tuple[str, ...], packed: bytes) -> tuple[Leak, ...]:
    archive = context.workspace / _ARCHIVE
    try:
        context.files.write_durable(archive, packed, 0o600)
        done = context.run_tool(betterleaks.PROGRAM, *words, timeout_s=_TIMEOUT_S, confidential=True)
    finally:
        context.files.remove(archive)
    return betterleaks.leaks(_ARCHIVE, done, context.mark)


def _files(context: Context, tree: WorkTree) -> tuple[dict[str, bytes], dict[str, str]]:
    project = context.configuration.project
    changed = (tree.root / path for path in tree.dirty)
    new = {str(path.relative_to(project)) for path in changed if path.is_relative_to(project)}
    names = sorted({*context.repository.tracked(("*",)), *new})
    said = context.files.contents(project, names, _LARGEST_BYTES)
    files = {name: what for name, what in said.items() if isinstance(what, bytes)}
    if sum(map(len, files.values())) > _MOST_BYTES:
        raise Unavailable(f"what git tracks here is more than {_MOST_BYTES / 1e9:.0f} GB")
    left = {name: what for name, what in said.items() if isinstance(what, str) and what not in _NOTHING}
    return files, left
