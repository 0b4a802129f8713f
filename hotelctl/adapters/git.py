"""The project's git repository: what is committed, what is not, and a clean copy of a commit."""

import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from hotelctl.adapters.disk import make_directories, sync_directory, writing
from hotelctl.adapters.git_command import Answer, GitCommand
from hotelctl.adapters.git_index import GitIndex
from hotelctl.adapters.git_pathspec import is_plain, matcher
from hotelctl.adapters.unpack import UnsafeEntry, unpack
from hotelctl.core.errors import StepFailed, UsageError
from hotelctl.core.ports import EvidenceLog, WorkTree

_COMMIT = re.compile(r"^[0-9a-f]{40}([0-9a-f]{24})?$")
_STATUS = (
    "status",
    "--porcelain=v1",
    "-z",
    "--untracked-files=all",
    "--no-renames",
    # What is uncommitted inside a submodule reaches no export, and looking there could run its filters.
    "--ignore-submodules=dirty",
)
_UNTRACKED = "??"
_ALL = ("*",)
_State = tuple[int, int, int, int]
_MOVED = re.compile(r"@\{(\d+)\}")


class GitRepository(GitIndex):
    """The repository that holds `directory`, the project; nothing in its configuration is executed.

    The project may be a part of the repository: then its files are those in that directory, named from there.
    """

    def __init__(self, directory: Path, evidence: EvidenceLog, environ: Mapping[str, str]) -> None:
        """Nothing is read before the first question."""
        super().__init__(evidence)
        self._directory = directory
        self._environ = environ
        self._lists: dict[tuple[str, ...], tuple[_State, tuple[str, ...]]] = {}

    @cached_property
    def _git(self) -> GitCommand:
        """Git in the top directory of the work tree."""
        return self._here.at(self._top[0])

    @cached_property
    def _top(self) -> tuple[Path, bool]:
        """The top directory, and whether the history is cut off."""
        answer = self._here.run("rev-parse", "--show-toplevel", "--is-shallow-repository")
        top, _, shallow = answer.stdout.rstrip("\n").rpartition("\n")
        if not answer.ok or not top.strip():
            raise _no_repository(self._directory, answer)
        return Path(top), shallow == "true"

    @cached_property
    def _here(self) -> GitCommand:
        """Git in the project: what it lists is what lies there, named from there."""
        self._require_there()
        return GitCommand(self._directory, self._environ)

    def work_tree(self, *, unborn: bool = False) -> WorkTree:
        """HEAD and what differs from it; where it may be `unborn`, before the first commit none.

        Raises:
            UsageError: there is no repository, or no commit and there must be one.

        """
        root = self._git.directory
        commit, committed_s = ("", 0) if unborn and self._is_unborn() else self._head()
        name = self._git.run("symbolic-ref", "--quiet", "--short", "HEAD").stdout.strip()
        tree = WorkTree(
            root=root,
            commit=commit,
            branch=name or None,
            tags=tuple(self._ask("tag", "--points-at", "HEAD").split()) if commit else (),
            dirty=self._dirty(root),
            hidden=self._hidden(),
            shallow=self._top[1],
            committed_at=datetime.fromtimestamp(committed_s, UTC),
            evidence="",
            moved_at=self._moved(),
        )
        return self.told(tree)

    def changed(self) -> tuple[str, ...]:
        """What differs from HEAD now: changed and new paths of the project.

        Raises:
            UsageError: git cannot tell.

        """
        found = self._dirty(self._git.directory)
        self._evidence.record("git", {"operation": "changed", "count": len(found)})
        return found

    def head(self) -> str:
        """The commit that is checked out.

        Raises:
            UsageError: there is no repository, or no commit.

        """
        return self._head()[0]

    def told(self, tree: WorkTree) -> WorkTree:
        """`tree`, which another log of this command knows already, with a record in this one."""
        told = {"commit": tree.commit, "branch": tree.branch, "dirty": bool(tree.dirty)}
        changed = "".join(f"{path}\n" for path in tree.dirty)
        evidence = self._evidence.record("git", {"operation": "work_tree", **told}, changed or None)
        return replace(tree, evidence=evidence)

    def export(self, commit: str, destination: Path) -> None:
        """The project as of `commit` in `destination`, whole or not at all; what stood there is replaced.

        Raises:
            UsageError: there is no such commit.
            StepFailed: the tree holds what may not be unpacked, a link out of it for instance.

        """
        full = self._commit(commit)
        part = destination.with_name(f"{destination.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        make_directories(part)
        # An unnamed file: a crash leaves nothing of it.
        with writing(part), tempfile.TemporaryFile(dir=part) as archive:
            place = self._place
            words = ("archive", "--format=tar", full, *(("--", place) if place else ()))
            # From the top: attributes that stand there hold for the project, too.
            answer = self._git.run_into(archive, *words)
            if not answer.ok:
                raise UsageError(
                    f"git archive failed: {answer.reason}", "look at the repository with git fsck"
                )
            archive.seek(0)
            try:
                unpack(archive, part, place)
            except UnsafeEntry as error:
                hint = "keep links inside the project"
                raise StepFailed(f"commit {full[:12]} cannot be exported: {error}", hint) from error
        if destination.exists():
            shutil.rmtree(destination)
        part.rename(destination)
        sync_directory(destination.parent)
        self._evidence.record("git", {"operation": "export", "commit": full, "target": str(destination)})

    def tracked(self, patterns: Sequence[str]) -> tuple[str, ...]:
        """Tracked paths of the project that match the glob patterns or lie below them."""
        found = self._listed(tuple(patterns))
        self._evidence.record(
            "git",
            {"operation": "tracked", "patterns": list(patterns), "matches": len(found)},
            "\n".join(found),
        )
        return found

    def _listed(self, patterns: tuple[str, ...]) -> tuple[str, ...]:
        """What git lists of its index, which it writes anew for each change: asked once for the same one."""
        if patterns != _ALL and is_plain(patterns):
            # One start of git for all who ask: that takes longer than to look through thousands of names.
            fits = matcher(patterns)
            return tuple(filter(fits, self._listed(_ALL)))
        state = _state(self._index)
        kept = self._lists.get(patterns)
        if kept is not None and kept[0] == state:
            return kept[1]
        answer = self._ask_here("ls-files", "-z", "--", *patterns)
        found = tuple(sorted(filter(None, answer.split("\0"))))
        if state is not None:
            self._lists[patterns] = (state, found)
        return found

    @cached_property
    def _index(self) -> Path:
        return self._directory / self._ask_here("rev-parse", "--git-path", "index").rstrip("\n")

    def ignored(self, paths: Sequence[str]) -> Mapping[str, bool]:
        """Whether git ignores each path, `!` patterns considered; a tracked path is not ignored."""
        given = "\0".join(paths).encode()
        answer = self._here.run("check-ignore", "-z", "--stdin", stdin=given)
        if answer.status not in {0, 1}:
            raise UsageError(
                f"git cannot say what it ignores: {answer.reason}", "name paths inside the project"
            )
        found = set(answer.stdout.split("\0"))
        result = {path: path in found for path in paths}
        self._evidence.record("git", {"operation": "ignored", "paths": result})
        return result

    def tag(self, name: str, commit: str, message: str) -> None:
        """An annotated tag; fine when it is there and points at `commit`.

        Raises:
            StepFailed: it is there and points at another commit, or git refuses the name.

        """
        full = self._commit(commit)
        there = self._git.run(
            "rev-parse", "--verify", "--quiet", f"refs/tags/{name}^{{commit}}"
        ).stdout.strip()
        if there and there != full:
            raise StepFailed(
                f"the tag {name} exists at {there[:12]}, not at {full[:12]}", f"git tag -d {name}"
            )
        if not there:
            words = ("tag", "--annotate", "--no-sign", "--message", message, "--", name, full)
            answer = self._git.change(*self._identity(), *words)
            if not answer.ok:
                raise StepFailed(
                    f"git refuses the tag {name}: {answer.reason}", "check the version's spelling"
                )
        self._evidence.record("git", {"operation": "tag", "name": name, "commit": full, "new": not there})

    def _require_there(self) -> None:
        if not self._directory.is_dir():
            raise UsageError(f"{self._directory}: there is no such directory", "check the path given")

    def _head(self) -> tuple[str, int]:
        """The commit, and the second in which it was made."""
        answer = self._git.run("log", "-1", "--format=%H %ct", "HEAD", "--")
        if answer.ok:
            commit, second = answer.stdout.split()
            return commit, int(second)
        if self._is_unborn():
            raise UsageError(
                f"{self._git.directory}: the git repository has no commit yet", "git add . && git commit"
            )
        raise UsageError(
            f"git cannot read the commit that is checked out: {self._git.run('log', '-1').reason}",
            "look at the repository with git fsck",
        )

    def _moved(self) -> datetime | None:
        answer = self._git.run("log", "--walk-reflogs", "-1", "--date=unix", "--format=%gd", "HEAD")
        found = _MOVED.search(answer.stdout)
        return datetime.fromtimestamp(int(found[1]), UTC) if answer.ok and found else None

    def _commit(self, commit: str) -> str:
        answer = self._git.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}^{{commit}}")
        if answer.status not in {0, 1}:
            raise UsageError(
                f"git cannot look for commit {commit}: {answer.reason}",
                "look at the repository with git fsck",
            )
        if not answer.ok or not _COMMIT.match(answer.stdout.strip()):
            raise UsageError(
                f"there is no commit {commit} in {self._git.directory}", "git fetch, or check the name"
            )
        return answer.stdout.strip()

    def _dirty(self, root: Path) -> tuple[str, ...]:
        entries = [entry for entry in self._ask_here(*_STATUS, "--", ".").split("\0") if entry]
        pairs = [(entry[:2], entry[3:]) for entry in entries]
        seen = (path for kind, path in pairs if kind != _UNTRACKED or not _ours(root, path))
        # Named from the top of the repository, wherever git is asked.
        place = self._place
        return tuple(path.removeprefix(place) for path in seen)

    @cached_property
    def _place(self) -> str:
        """The project's path from the top of the repository, with a slash at its end; empty for the top."""
        return self._ask_here("rev-parse", "--show-prefix").rstrip("\n")

    def _hidden(self) -> tuple[str, ...]:
        """Tracked files whose changes git was told not to see."""
        entries = [entry for entry in self._ask_here("ls-files", "-v", "-z").split("\0") if entry]
        return tuple(entry[2:] for entry in entries if entry[0].islower() or entry[0] == "S")

    def _identity(self) -> tuple[str, ...]:
        """A name for the tag where the machine's user has given none."""
        if self._git.run("var", "GIT_COMMITTER_IDENT").ok:
            return ()
        return ("-c", "user.name=hotelctl", "-c", "user.email=hotelctl@localhost")


def _state(index: Path) -> _State | None:
    try:
        state = index.stat()
    except OSError:
        return None
    return state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns


def _ours(root: Path, path: str) -> bool:
    """Whether an untracked path is hotelctl's own state or a report."""
    parts = Path(path).parts
    for n, part in enumerate(parts[:-1]):
        if part == ".hotelctl":
            return True
        if part == "reports" and _is_report(root.joinpath(*parts[: n + 2])):
            return True
    return False


def _is_report(place: Path) -> bool:
    report = place.name == "latest" and place.is_symlink()
    return report or (place / "evidence.jsonl").is_file() or (place / "report.json").is_file()


def _no_repository(directory: Path, answer: Answer) -> UsageError:
    if "dubious ownership" in answer.stderr:
        return UsageError(
            f"{directory}: the git repository belongs to another user, so git does not trust it",
            f"git config --global --add safe.directory {directory}",
        )
    damaged = next((here for here in (directory, *directory.parents) if (here / ".git").exists()), None)
    if "not a git repository" in answer.stderr and damaged:
        return UsageError(
            f"{damaged / '.git'}: git does not take it for a repository: it is damaged",
            "look for HEAD, objects and refs in it; git fsck and a fresh clone help",
        )
    if "not a git repository" in answer.stderr:
        return UsageError(f"{directory}: is no git repository", "git init, or run it inside the project")
    if "must be run in a work tree" in answer.stderr:
        return UsageError(
            f"{directory}: is a bare repository, which has no files to look at",
            "git clone it, and run hotelctl in the clone",
        )
    return UsageError(
        f"{directory}: git cannot read the repository: {answer.reason}", "git status shows more"
    )
