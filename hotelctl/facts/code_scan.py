"""Reading all sources of a project together: which files are sources, and what they read."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from hotelctl.facts.code_node import scan_node
from hotelctl.facts.code_python import scan_python
from hotelctl.facts.code_reads import CodeReads, Read, Scanned
from hotelctl.facts.code_settings import PythonClass, classes, settings_reads, with_settings

_NODE = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".vue", ".svelte", ".astro")
# Not understood, but a key that such a file names is not one that nobody reads.
_OTHERS = (".go", ".rb", ".java", ".kt", ".rs", ".php", ".cs", ".ex", ".exs", ".sh", ".bash", ".yml", ".yaml")
_PRISMA = ".prisma"
UNDERSTOOD = (".py", *_NODE)
SCANNED = (*UNDERSTOOD, _PRISMA, *_OTHERS)
"""How names of files end that are looked into."""

LIMIT_BYTES = 2_000_000
"""Larger files are not looked into: people did not write them."""

_PRISMA_ENV = re.compile(r"""^(?!\s*//).*?\benv\(\s*"([A-Za-z_][A-Za-z0-9_]*)"\s*\)""")
_WORD = re.compile(r"\b[A-Z][A-Z0-9_]{2,}\b")
_TESTS = re.compile(
    r"(^|/)(tests?|__tests__|node_modules)/|(^|/)(test_[^/]*|conftest)\.py$|\.(test|spec)\.[a-z]+$"
)


def is_source(path: str, below: tuple[str, ...] = ()) -> bool:
    """Below one of `below` where some are given, else everywhere but in tests."""
    if below:
        return any(PurePosixPath(path).is_relative_to(source) for source in below)
    return not _TESTS.search(path)


def scanned(contents: Mapping[str, bytes | str], given: frozenset[str] = frozenset()) -> CodeReads:
    """What the sources read; a text instead of bytes says why a file could not be had."""
    skipped = {path: what for path, what in contents.items() if isinstance(what, str)}
    texts = {path: data.decode("utf-8-sig", "replace") for path, data in _readable(contents)}
    python = {path: text for path, text in texts.items() if path.endswith(".py")}
    settings = frozenset(with_settings(python))
    found: list[Scanned] = []
    every: list[PythonClass] = []
    for path, text in texts.items():
        try:
            found.append(_scan(path, text))
            every += classes(path, text) if path in settings else ()
        except (SyntaxError, ValueError, RecursionError) as error:
            skipped[path] = f"is no Python that this one can parse ({type(error).__name__})"
    by_settings, beginnings = settings_reads(every)
    return CodeReads(
        reads=(*(read for one in found for read in one.reads), *by_settings),
        files=len(texts),
        words=frozenset().union(*(one.words for one in found)),
        composed=tuple(read for one in found for read in one.composed),
        beginnings=beginnings,
        skipped=skipped,
        given=given,
    )


def _readable(contents: Mapping[str, bytes | str]) -> Iterator[tuple[str, bytes]]:
    return ((path, data) for path, data in sorted(contents.items()) if isinstance(data, bytes))


def _scan(path: str, text: str) -> Scanned:
    if path.endswith(".py"):
        return scan_python(path, text)
    if path.endswith(_NODE):
        return scan_node(path, text)
    reads = tuple(_prisma_reads(path, text)) if path.endswith(_PRISMA) else ()
    return Scanned(reads, frozenset(_WORD.findall(text)))


def _prisma_reads(path: str, text: str) -> Iterator[Read]:
    for number, line in enumerate(text.splitlines(), start=1):
        if hit := _PRISMA_ENV.match(line):
            yield Read((hit[1],), path, number, "prisma")
