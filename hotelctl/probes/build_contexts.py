"""What is sent to the engine with each Dockerfile, as its ignore file decides."""

import posixpath

from hotelctl.core.errors import Unavailable
from hotelctl.facts.docker_context import (
    BuildContexts,
    IgnoreRules,
    PrivateFile,
    SentFiles,
    private_files,
    private_kind,
    read_ignore,
)
from hotelctl.facts.dockerfile import Dockerfiles
from hotelctl.probes.context import Context
from hotelctl.probes.few_at_a_time import links
from hotelctl.probes.git_files import declared_env_files

_MOST_NAMES = 500_000


def build_contexts(context: Context, files: Dockerfiles) -> BuildContexts:
    """The private files that reach the engine, one entry a Dockerfile; a broken ignore file is a doubt."""
    root = posixpath.normpath(context.configuration.spec.docker.context)
    sent: dict[str, SentFiles] = {}
    doubts: dict[str, str] = {}
    for file in files.files:
        try:
            rules = ignore_rules(root, file.path, context)
            sent[file.path] = SentFiles(file.path, rules, _private(context, root, rules))
        except Unavailable as trouble:
            doubts[file.path] = trouble.reason
    return BuildContexts(root, sent, doubts)


def ignore_rules(root: str, dockerfile: str, context: Context) -> IgnoreRules:
    """Of the Dockerfile's own ignore file, else of the context's. Source: BuildKit reads no other then.

    Raises:
        Unavailable: that file cannot be read.

    """
    project = context.configuration.project
    for name in (f"{dockerfile}.dockerignore", posixpath.normpath(f"{root}/.dockerignore")):
        if context.files.exists(project / name):
            if not context.files.is_file(project / name):
                raise Unavailable(f"{name}: is no file that could be read")
            return read_ignore(name, context.files.read(project / name))
    return read_ignore(None)


def _private(context: Context, root: str, rules: IgnoreRules) -> tuple[PrivateFile, ...]:
    names: list[str] = []

    def enter(directory: str) -> bool:
        if private_kind(directory) is not None:
            names.append(directory)
            return False
        return rules.may_hold_sent(directory)

    names += context.files.names(context.configuration.project / root, enter, _MOST_NAMES)
    if len(names) >= _MOST_NAMES:
        raise Unavailable(
            f"{root}: more than {_MOST_NAMES} files are sent to the engine; not all were looked at"
        )
    declared = (inside(root, name) for name in declared_env_files(context.configuration))
    found = private_files(names, filter(None, declared), rules, context.configuration.spec.env.example)
    # A link is sent as a link: what it leads to is sent only where that lies in the context itself.
    linked = links([one.name for one in found], context, root)
    return tuple(one for one in found if one.name not in linked)


def inside(root: str, path: str) -> str:
    """The path relative to the context `root`; empty for what does not lie in it."""
    relative = posixpath.relpath(path, root)
    return "" if relative.startswith("../") else relative
