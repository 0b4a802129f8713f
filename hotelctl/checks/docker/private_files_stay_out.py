"""DKR009: private files stay out of the build."""

import posixpath
import shlex
from collections.abc import Iterator
from fnmatch import fnmatchcase

from hotelctl.checks.docker.every_file import Doubt, every_file
from hotelctl.core.check import check
from hotelctl.core.finding import FileExcerpt, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.docker_context import BuildContexts, PrivateFile, SentFiles
from hotelctl.facts.dockerfile import Dockerfile, Dockerfiles, Instruction


@check(
    "DKR009",
    "Private files stay out of the build",
    severity=Severity.CRITICAL,
    rationale="docker build sends what lies in the checkout; the next COPY . copies it, and all who can pull "
    "have it. hotelctl deploy sends what git tracks alone, but is not the only one who builds.",
    remediation="Begin .dockerignore with * and let in, with !, only what the image is made from.",
    references=("https://docs.docker.com/build/concepts/context/#dockerignore-files",),
)
def private_files_stay_out(files: Dockerfiles, contexts: BuildContexts) -> Iterator[Finding]:
    """A finding for every env file, key or history that .dockerignore lets through.

    What no COPY or ADD of the file takes is of medium severity.
    """

    def judged(file: Dockerfile) -> Iterator[Finding | Doubt]:
        sent = contexts.sent.get(file.path)
        if sent is None:
            yield Doubt(
                contexts.doubts.get(file.path, f"{file.path}: what is sent with it was not looked at")
            )
            return
        for private in sent.private:
            yield _finding(file, sent, private)

    return every_file(files, judged)


def _finding(file: Dockerfile, sent: SentFiles, private: PrivateFile) -> Finding:
    copy = next((one for _, one in file.every("COPY", "ADD") if _takes(one, private.name)), None)
    name = posixpath.normpath(f"{sent.ignore.root}/{private.name}")
    ignore = sent.ignore.path or posixpath.normpath(f"{sent.ignore.root}/.dockerignore")
    rules = sent.ignore.path or f"no {ignore}"
    there = "is sent" if private.is_there else "will be sent, once it is there,"
    taken = f"{file.path}:{copy.line} copies it" if copy else "no COPY takes it"
    return Finding(
        subject=f"{name} in {file.path}",
        message=f"{name}, {private.kind}, {there} to the engine{_by(private)}: {taken}",
        evidence=(
            FileExcerpt(
                sent.ignore.path or file.path, None, by_shape(f"{rules} lets {private.name} through")
            ),
        ),
        location=_place(file, sent, private, copy),
        fix=f"echo {shlex.quote(private.name)} >> {shlex.quote(ignore)}",
        severity=None if copy else Severity.MEDIUM,
    )


def _by(private: PrivateFile) -> str:
    """Who sends it, where that is not everybody."""
    if private.is_tracked is not False:
        return ""
    return " by docker build in the checkout (not by hotelctl deploy, which sends what git tracks)"


def _place(file: Dockerfile, sent: SentFiles, private: PrivateFile, copy: Instruction | None) -> Location:
    """The `!` line that lets it in by name, else the COPY, else the beginning."""
    exact = sent.ignore.lines.get(f"!{private.name}")
    if exact and sent.ignore.path:
        return Location(sent.ignore.path, exact)
    return Location(file.path, copy.line if copy else file.final.start.line)


def _takes(one: Instruction, name: str) -> bool:
    if one.flag("from"):
        return False
    return any(_covers(one.filled(source), name) for source in one.args[:-1])


def _covers(source: str, name: str) -> bool:
    """Whether the source is the file, a directory around it, or a pattern of either."""
    wanted = source.strip("\"'").removeprefix("./").strip("/")
    if wanted in ("", "."):
        return True
    parts = name.split("/")
    return any(fnmatchcase("/".join(parts[:n]), wanted) for n in range(1, len(parts) + 1))
