"""A scanner's search through files, asked again only of those that are others, or with another program."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hotelctl.config.service import ServiceSpec
from hotelctl.core.kept import Question
from hotelctl.core.ports import Completed
from hotelctl.facts import leak_rules, leaks
from hotelctl.facts.archives import unpacked
from hotelctl.facts.leaks import Item, Leaks
from hotelctl.facts.long_files import LongFiles
from hotelctl.facts.scanner import SCANNERS, Scanner
from hotelctl.probes.context import Context
from hotelctl.probes.former_answer import MOST_IN_A_ROW, former

_TIMEOUT_S = 300.0


@dataclass(frozen=True, slots=True)
class _Searched:
    """What was found in files, a digest of each, and how many searches before it this one went on from."""

    before: int
    files: str
    leaks: Leaks


def leaks_in(archive: str, files: Mapping[str, bytes], context: Context, *, named: bool = False) -> Leaks:
    """What it finds in them, packed into `archive`; archives are opened, it knows them by their names only.

    Those that are `named` are searched by their names, too, for what has the form of a key. A file that lay
    there as it is when an earlier command searched is not read again. No copy of a secret stays: the archive
    lies in this command's own directory, for its owner alone.

    Raises:
        Unavailable: the scanner could not judge.

    """
    digests = {leaks.digest(name, content): name for name, content in files.items()}

    def question(state: str) -> Question:
        # What stands in the place of a secret depends on the key of this project, too.
        inputs = {
            "files": state.encode(),
            "mark": context.mark(archive).encode(),
            "named": str(named).encode(),
        }
        inputs[leak_rules.FILE] = leak_rules.toml().encode()
        return Question(scanner.program, scanner.command(archive), inputs)

    def ask() -> _Searched:
        old = former(_Searched, question(before), context) if before else None
        told = " ".join(sorted(digests))
        if old is None or old.before == MOST_IN_A_ROW:
            return _Searched(0, told, _search(archive, files, names, context)[0])
        same = {digests[one] for one in old.files.split() if one in digests}
        new = {name: content for name, content in files.items() if name not in same}
        found, shown = _search(archive, new, names, context)
        lie_there = {shown.get(name, name) for name in same}
        return _Searched(old.before + 1, told, leaks.together(old.leaks, lie_there, found))

    names, scanner = sorted(files) if named else [], scanner_of(context.configuration.spec)
    before, state = context.kept.hint(question("")), leaks.state(digests)
    searched = context.kept.once(_Searched, question(state), ask)
    if state != before:
        context.kept.leave_hint(question(""), state)
    return searched.leaks


def _search(
    archive: str, files: Mapping[str, bytes], names: Sequence[str], context: Context
) -> tuple[Leaks, Mapping[str, str]]:
    """What it finds, and how names are shown that hold a key."""
    if not files and not names:
        return Leaks(), {}
    held, left_out = unpacked(files)
    if names:
        held = {**held, leaks.names_file(names): leaks.names_text(names)}
    items = search_files(archive, held, context)
    found, shown = leaks.leaks(archive, items, context.mark, held, names)
    return Leaks(found, {leaks.shown_as(path, shown): why for path, why in left_out.items()}), shown


def search_files(archive: str, held: Mapping[str, bytes], context: Context) -> list[Item]:
    """As `scan_files`, whatever is long given in pieces.

    Raises:
        Unavailable: it could not judge.

    """
    long = LongFiles.of(held)
    items = scan_files(archive, long.files, context)
    try:
        return long.placed(items, archive) if items else []
    except (KeyError, TypeError, ValueError) as error:
        raise leaks.unpromised(scanner_of(context.configuration.spec).program) from error


def scan_files(archive: str, held: Mapping[str, bytes], context: Context) -> list[Item]:
    """What the scanner finds in an archive of these, which is gone afterwards.

    Raises:
        Unavailable: it could not judge.

    """
    path, scanner = context.workspace / archive, scanner_of(context.configuration.spec)
    try:
        context.files.write_durable(path, leaks.packed(held), 0o600)
        done = asked(scanner.program, scanner.command(archive), _TIMEOUT_S, context)
    finally:
        context.files.remove(path)
    return scanner.answered(done, archive, held)


def words(archive: str, context: Context) -> tuple[str, ...]:
    """How it is asked about the archive of that name."""
    scanner = scanner_of(context.configuration.spec)
    return (scanner.program, *scanner.command(archive))


def scanner_of(spec: ServiceSpec) -> Scanner:
    """The one that the service chose."""
    return SCANNERS[spec.secrets.scanner]


def asked(program: str, words: tuple[str, ...], timeout_s: float, context: Context) -> Completed:
    """It has run with the rules of this command's own beside those that it brings.

    Raises:
        Unavailable: it is not here and cannot be had.

    """
    context.files.write_durable(context.workspace / leak_rules.FILE, leak_rules.toml().encode(), 0o600)
    return context.run_tool(program, *words, timeout_s=timeout_s, confidential=True)
