"""What is sent to the engine with each Dockerfile, as its ignore file decides."""

import posixpath
from dataclasses import replace
from pathlib import PurePosixPath

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Repository
from hotelctl.facts.compose import ComposeFiles
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
from hotelctl.probes.docker_roots import contexts_of, unsaid
from hotelctl.probes.few_at_a_time import links
from hotelctl.probes.git_files import declared_env_files

_MOST_NAMES = 500_000


def build_contexts(context: Context, files: Dockerfiles, compose: ComposeFiles) -> BuildContexts:
    """The private files that reach the engine, one entry a Dockerfile.

    A broken ignore file, and a compose file that cannot be read and may name the context, is a doubt.
    """
    sent: dict[str, SentFiles] = {}
    doubts: dict[str, str] = {}
    for file in files.files:
        if why := unsaid(file.path, compose, context):
            doubts[file.path] = why
            continue
        try:
            every = ignore_rules(file.path, compose, context)
            found = [SentFiles(file.path, rules, _private(context, rules)) for rules in every]
            # Of several contexts one that sends something says more than any that sends nothing.
            sent[file.path] = next((one for one in found if one.private), found[0])
        except Unavailable as trouble:
            doubts[file.path] = trouble.reason
    return BuildContexts(sent, doubts)


def ignore_rules(dockerfile: str, compose: ComposeFiles, context: Context) -> tuple[IgnoreRules, ...]:
    """Those of each context: of the Dockerfile's own ignore file, else of the context's.

    Source: BuildKit reads no other then.

    Raises:
        Unavailable: that file cannot be read.

    """
    return tuple(_rules(dockerfile, root, context) for root in contexts_of(dockerfile, compose, context))


def _rules(dockerfile: str, root: str, context: Context) -> IgnoreRules:
    project = context.configuration.project
    for name in (f"{dockerfile}.dockerignore", posixpath.normpath(f"{root}/.dockerignore")):
        if context.files.exists(project / name):
            if not context.files.is_file(project / name):
                raise Unavailable(f"{name}: is no file that could be read")
            return read_ignore(name, context.files.read(project / name), root)
    return read_ignore(None, root=root)


def _private(context: Context, rules: IgnoreRules) -> tuple[PrivateFile, ...]:
    names: list[str] = []
    root = rules.root

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
    sent = tuple(one for one in found if one.name not in linked)
    return _with_tracked(sent, root, context.repository) if sent else ()


def _with_tracked(
    found: tuple[PrivateFile, ...], root: str, repository: Repository
) -> tuple[PrivateFile, ...]:
    """The same, each with whether git has it, or something below it: unsaid where git does not answer."""
    try:
        tracked = repository.tracked(("*",))
    except Unavailable:
        return found
    exported = {parent for path in tracked for parent in (path, *map(str, PurePosixPath(path).parents))}
    return tuple(
        replace(one, is_tracked=posixpath.normpath(f"{root}/{one.name}") in exported) for one in found
    )


def inside(root: str, path: str) -> str:
    """The path relative to the context `root`; empty for what does not lie in it."""
    relative = posixpath.relpath(path, root)
    return "" if relative.startswith("../") else relative
