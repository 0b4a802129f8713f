"""What the tracked source files of the project read from the environment."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from hotelctl.config.service import ServiceSpec
from hotelctl.core.errors import NotApplicable
from hotelctl.facts.code_node import scan_node
from hotelctl.facts.code_python import scan_python
from hotelctl.facts.code_reads import CodeReads, Scanned
from hotelctl.facts.code_settings import PythonClass, classes, settings_reads, with_settings
from hotelctl.probes.context import Context

_NODE = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".vue", ".svelte", ".astro")
# Not understood, but a key that such a file names is not one that nobody reads.
_OTHERS = (".go", ".rb", ".java", ".kt", ".rs", ".php", ".cs", ".ex", ".exs", ".sh", ".bash", ".yml", ".yaml")
_LIMIT_BYTES = 2_000_000
_WORD = re.compile(r"\b[A-Z][A-Z0-9_]{2,}\b")
_TESTS = re.compile(
    r"(^|/)(tests?|__tests__|node_modules)/|(^|/)(test_[^/]*|conftest)\.py$|\.(test|spec)\.[a-z]+$"
)


def code_reads(context: Context) -> CodeReads:
    """All reads. Raises `NotApplicable` where no file of a known language is tracked."""
    spec = context.configuration.spec
    found = context.repository.tracked([f"*{end}" for end in (".py", *_NODE, *_OTHERS)])
    inside = [path for path in found if _is_source(path, spec.env.sources)]
    if not any(path.endswith((".py", *_NODE)) for path in inside):
        raise NotApplicable("no Python or JavaScript source is tracked")
    contents = context.files.contents(context.configuration.project, inside, _LIMIT_BYTES)
    skipped = {path: what for path, what in contents.items() if isinstance(what, str)}
    texts = {path: data.decode("utf-8-sig", "replace") for path, data in _readable(contents)}
    python = {path: text for path, text in texts.items() if path.endswith(".py")}
    settings = frozenset(with_settings(python))
    scanned: list[Scanned] = []
    every: list[PythonClass] = []
    for path, text in texts.items():
        try:
            scanned.append(_scan(path, text))
            every += classes(path, text) if path in settings else ()
        except (SyntaxError, ValueError, RecursionError) as error:
            skipped[path] = f"is no Python that this one can parse ({type(error).__name__})"
    by_settings, beginnings = settings_reads(every)
    return CodeReads(
        reads=(*(read for one in scanned for read in one.reads), *by_settings),
        files=len(texts),
        words=frozenset().union(*(one.words for one in scanned)),
        composed=tuple(read for one in scanned for read in one.composed),
        beginnings=beginnings,
        skipped=skipped,
        given=_given(spec),
    )


def _given(spec: ServiceSpec) -> frozenset[str]:
    """What hotelctl itself reads, and what it gives to programs beside the service."""
    url = spec.database.url_env if spec.database else None
    tests = spec.tests.database_env if spec.tests else None
    return frozenset(filter(None, (url, url and f"RUNTIME_{url}", tests)))


def _is_source(path: str, sources: tuple[str, ...]) -> bool:
    """Below one of `sources` where the service file names them, else everywhere but in tests."""
    if sources:
        return any(PurePosixPath(path).is_relative_to(source) for source in sources)
    return not _TESTS.search(path)


def _readable(contents: Mapping[str, bytes | str]) -> Iterator[tuple[str, bytes]]:
    return ((path, data) for path, data in sorted(contents.items()) if isinstance(data, bytes))


def _scan(path: str, text: str) -> Scanned:
    if path.endswith(".py"):
        return scan_python(path, text)
    return scan_node(path, text) if path.endswith(_NODE) else Scanned(words=frozenset(_WORD.findall(text)))
