"""The files that are sent to the engine though git ignores them, so that no search of the tree sees them."""

import posixpath
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import WorkTree
from hotelctl.facts.compose import ComposeFiles
from hotelctl.facts.docker_context import HISTORY, IgnoreRules, private_kind
from hotelctl.facts.leaving import ContextFiles
from hotelctl.probes.build_contexts import ignore_rules
from hotelctl.probes.context import Context
from hotelctl.probes.dockerfiles import dockerfile_names
from hotelctl.probes.few_at_a_time import LINK, few_at_a_time, is_doubt
from hotelctl.probes.git_files import declared_env_files

_MOST_FILES = 100_000
_MOST_BYTES = 300_000_000
# Answers that were kept only because they hold no secret, and what was installed: digests beside words like
# `key` look like one.
_CACHE = "/.hotelctl/cache"


def context_files(context: Context, tree: WorkTree, compose: ComposeFiles) -> ContextFiles:
    """Those of all Dockerfiles; the history, hotelctl's cache and env files of the service left out."""
    names = dockerfile_names(context)
    doubts: dict[str, str] = {}
    rules: list[IgnoreRules] = []
    for name in names:
        try:
            rules += ignore_rules(name, compose, context)
        except Unavailable as trouble:
            doubts[name] = trouble.reason
    known = {*context.repository.tracked(("*",)), *tree.dirty, *declared_env_files(context.configuration)}
    every = (path for root, some in _by_root(rules) for path in _sent(context, root, some, known, doubts))
    return ContextFiles(names, _read(context, list(dict.fromkeys(every)), doubts), doubts)


def _by_root(rules: Iterable[IgnoreRules]) -> Iterator[tuple[str, list[IgnoreRules]]]:
    """The rules of each context, which is gone through once."""
    found: dict[str, list[IgnoreRules]] = {}
    for one in rules:
        found.setdefault(one.root, []).append(one)
    yield from found.items()


def _sent(
    context: Context,
    root: str,
    every: Sequence[IgnoreRules],
    known: Container[str],
    doubts: dict[str, str],
) -> Iterable[str]:
    """Paths from the project, but those that are `known`: of thousands the rules need not be asked."""

    def enter(directory: str) -> bool:
        own = private_kind(directory) is not None or f"/{directory}".endswith(_CACHE)
        return not own and any(one.may_hold_sent(directory) for one in every)

    names = context.files.names(context.configuration.project / root, enter, _MOST_FILES + 1)
    if len(names) > _MOST_FILES:
        doubts[root] = f"more than {_MOST_FILES} files lie in the build context; not all were searched"
    paths = ((name, posixpath.normpath(posixpath.join(root, name))) for name in names)
    return [
        path
        for name, path in paths
        if path not in known and private_kind(name) != HISTORY and any(one.sent(name) for one in every)
    ]


def _read(context: Context, paths: list[str], doubts: dict[str, str]) -> Mapping[str, bytes]:
    held: dict[str, bytes] = {}
    size = 0
    for said in few_at_a_time(paths, context):
        for path, what in said.items():
            if isinstance(what, bytes):
                held[path] = what
                size += len(what)
            elif what != LINK and is_doubt(path, what):
                doubts[path] = what
        if size > _MOST_BYTES:
            doubts["."] = (
                f"more than {_MOST_BYTES // 1_000_000} MB that git ignores are sent; not all was searched"
            )
            break
    return held
