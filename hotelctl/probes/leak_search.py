"""betterleaks' search through files, asked again only when they or the program are others."""

from collections.abc import Mapping

from hotelctl.core.kept import Question
from hotelctl.core.ports import Completed
from hotelctl.facts import leak_rules
from hotelctl.facts import leaks as betterleaks
from hotelctl.facts.archives import unpacked
from hotelctl.facts.leaks import Leaks
from hotelctl.probes.context import Context

_TIMEOUT_S = 300.0


def leaks_in(archive: str, files: Mapping[str, bytes], context: Context, *, named: bool = False) -> Leaks:
    """What it finds in them, packed into `archive`; archives are opened, it knows them by their names only.

    Those that are `named` are searched by their names, too, for what has the form of a key.

    No copy of a secret stays: the archive lies in this command's own directory, for its owner alone.

    Raises:
        Unavailable: betterleaks could not judge.

    """
    # What stands in the place of a secret depends on the key of this project, too.
    inputs = {archive: betterleaks.listing(files), "mark": context.mark(archive).encode()}
    inputs[leak_rules.FILE] = leak_rules.toml().encode()
    inputs["named"] = str(named).encode()
    question = Question(betterleaks.PROGRAM, betterleaks.command(archive), inputs)
    return context.kept.once(Leaks, question, lambda: _searched(archive, files, named, context))


def _searched(archive: str, files: Mapping[str, bytes], named: bool, context: Context) -> Leaks:  # noqa: FBT001 - told by name outside
    path = context.workspace / archive
    words = betterleaks.command(archive)
    held, left_out = unpacked(files)
    names = sorted(files) if named else []
    if names:
        held = {**held, betterleaks.NAMES: betterleaks.names_text(names)}
    try:
        context.files.write_durable(path, betterleaks.packed(held), 0o600)
        done = asked(words, _TIMEOUT_S, context)
    finally:
        context.files.remove(path)
    return Leaks(betterleaks.leaks(archive, done, context.mark, names), left_out)


def asked(words: tuple[str, ...], timeout_s: float, context: Context) -> Completed:
    """It has run with the rules of this command's own beside those that it brings.

    Raises:
        Unavailable: it is not here and cannot be had.

    """
    context.files.write_durable(context.workspace / leak_rules.FILE, leak_rules.toml().encode(), 0o600)
    return context.run_tool(betterleaks.PROGRAM, *words, timeout_s=timeout_s, confidential=True)
