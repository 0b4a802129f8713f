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

_MOST_NAMES = 500_000


def build_contexts(context: Context, files: Dockerfiles) -> BuildContexts:
    """The private files that reach the engine, one entry a Dockerfile; a broken ignore file is a doubt."""
    root = posixpath.normpath(context.configuration.spec.docker.context)
    sent: dict[str, SentFiles] = {}
    doubts: dict[str, str] = {}
    for file in files.files:
        try:
            rules = _rules(context, root, file.path)
            sent[file.path] = SentFiles(file.path, rules, _private(context, root, rules))
        except Unavailable as trouble:
            doubts[file.path] = trouble.reason
    return BuildContexts(root, sent, doubts)


def _rules(context: Context, root: str, dockerfile: str) -> IgnoreRules:
    """Of the Dockerfile's own ignore file, else of the context's. Source: BuildKit reads no other then."""
    project = context.configuration.project
    for name in (f"{dockerfile}.dockerignore", posixpath.normpath(f"{root}/.dockerignore")):
        if context.files.exists(project / name):
            if not context.files.is_file(project / name):
                raise Unavailable(f"{name}: is no file that could be read")
            return read_ignore(name, context.files.read(project / name))
    return read_ignore(None)


def _private(context: Context, root: str, rules: IgnoreRules) -> tuple[PrivateFile, ...]:
    spec = context.configuration.spec
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
    elsewhere = (name for env in spec.environments.values() for name in env.env_files)
    declared = (posixpath.relpath(name, root) for name in (*spec.env.files, *elsewhere) if name[:1] != "/")
    return private_files(names, (one for one in declared if one[:3] != "../"), rules, spec.env.example)
