"""betterleaks' search through what git tracks here and what it could be made to track."""

from hotelctl.core.kept import Question
from hotelctl.facts import leaks as betterleaks
from hotelctl.facts.leaks import Leak, TreeLeaks
from hotelctl.facts.tree_files import TreeFiles
from hotelctl.probes.context import Context

_TIMEOUT_S = 300.0
_ARCHIVE = "tree.tar"


def tree_leaks(context: Context, tree: TreeFiles) -> TreeLeaks:
    """What it finds in them.

    No copy of a secret stays: the archive lies in this command's own directory, for its owner alone.

    Raises:
        Unavailable: betterleaks could not judge.

    """
    files = tree.files
    words = betterleaks.command(_ARCHIVE)
    if not files:
        return TreeLeaks((betterleaks.PROGRAM, *words), 0, (), tree.doubts)
    # What stands in the place of a secret depends on the key of this project, too.
    inputs = {_ARCHIVE: betterleaks.listing(files), "mark": context.mark(_ARCHIVE).encode()}
    question = Question(betterleaks.PROGRAM, words, inputs)
    found = context.kept.once(
        tuple[Leak, ...], question, lambda: _searched(context, words, betterleaks.packed(files))
    )
    return TreeLeaks((betterleaks.PROGRAM, *words), len(files), found, tree.doubts)


def _searched(context: Context, words: tuple[str, ...], packed: bytes) -> tuple[Leak, ...]:
    archive = context.workspace / _ARCHIVE
    try:
        context.files.write_durable(archive, packed, 0o600)
        done = context.run_tool(betterleaks.PROGRAM, *words, timeout_s=_TIMEOUT_S, confidential=True)
    finally:
        context.files.remove(archive)
    return betterleaks.leaks(_ARCHIVE, done, context.mark)
