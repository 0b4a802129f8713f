"""Branches and tags of a repository, as the clone knows them: no other machine is asked."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from hotelctl.adapters.git_command import GitCommand
from hotelctl.core.errors import UsageError
from hotelctl.core.ports import EvidenceLog
from hotelctl.core.references import Base, Change, Signature

_REMOTES = "refs/remotes/"
# A repository may name programs of its own for these.
_VERIFIERS = {
    "gpg.program": "gpg",
    "gpg.openpgp.program": "gpg",
    "gpg.x509.program": "gpgsm",
    "gpg.ssh.program": "ssh-keygen",
}
_SIGNED = re.compile(r"^-----BEGIN (PGP|SSH) SIGNATURE-----|^-----BEGIN SIGNED MESSAGE-----", re.MULTILINE)
# Source: gnupg's doc/DETAILS for the first ones, ssh-keygen for the last.
_BAD = re.compile(r"\b(BADSIG|EXPSIG|EXPKEYSIG|REVKEYSIG)\b|incorrect signature")


class GitReferences(ABC):
    """Whoever inherits this says where git is to look."""

    def __init__(self, evidence: EvidenceLog) -> None:
        """Nothing is read before the first question."""
        self._evidence = evidence

    @property
    @abstractmethod
    def _git(self) -> GitCommand:
        """Git in the top directory of the work tree."""

    @property
    @abstractmethod
    def _here(self) -> GitCommand:
        """Git in the project, which may be a part of it."""

    def base(self) -> Base | None:
        """The branch that the remote calls its own, else the one that HEAD's branch follows."""
        ref = self._base_ref()
        if ref is None:
            return None
        behind = int(self._ask("rev-list", "--count", f"HEAD..{ref}"))
        found = Base(ref.removeprefix(_REMOTES), behind, self._heard_at())
        self._evidence.record("git", {"operation": "base", "ref": found.ref, "behind": behind})
        return found

    def has_remote(self) -> bool:
        """Whether the clone knows any other repository."""
        found = bool(self._ask("remote").strip())
        self._evidence.record("git", {"operation": "remote", "found": found})
        return found

    def tagged(self) -> Mapping[str, str]:
        """Every tag and the commit that it leads to."""
        shown = "--format=%(refname:strip=2)%00%(*objectname)%00%(objectname)"
        lines = (line.split("\0") for line in self._ask("for-each-ref", shown, "refs/tags").splitlines())
        found = {name: peeled or direct for name, peeled, direct in lines}
        self._evidence.record("git", {"operation": "tagged", "count": len(found)})
        return found

    def authors(self, commit: str) -> tuple[str, ...]:
        """Name and e-mail address of who wrote `commit`; empty where the clone does not hold it."""
        answer = self._git.run("log", "--max-count=1", "--format=%an%x00%ae", commit, "--")
        found = tuple(filter(None, answer.stdout.strip().split("\0"))) if answer.ok else ()
        self._evidence.record("git", {"operation": "authors", "commit": commit, "count": len(found)})
        return found

    def signature(self, tag: str) -> Signature:
        """What git says of the signature of `tag`; keys and trusted signers are those of this user."""
        ref = f"refs/tags/{tag}"
        annotated = self._ask("cat-file", "-t", ref).strip() == "tag"
        signed = annotated and _SIGNED.search(self._ask("cat-file", "tag", ref)) is not None
        found = self._verified(ref) if signed else Signature(annotated, signed=False, good=False, words="")
        self._evidence.record(
            "git",
            {"operation": "signature", "tag": tag, "signed": signed, "good": found.good},
            found.words or None,
        )
        return found

    def change(self, ref: str) -> Change:
        """What differs from the commit at which HEAD's branch and `ref` parted, uncommitted work included.

        Raises:
            UsageError: this clone does not know `ref`, or not where they parted.

        """
        found = self._git.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        if not found.ok:
            raise UsageError(f"{ref}: this clone knows no such commit", "git fetch, or check the name")
        parted = self._git.run("merge-base", found.stdout.strip(), "HEAD")
        if not parted.ok:
            raise self._unrelated(ref)
        base = parted.stdout.split()[0]
        differing = (
            "diff",
            "--name-only",
            "-z",
            "--no-renames",
            "--no-ext-diff",
            "--ignore-submodules=dirty",
            "--relative",
        )
        touched = _names(self._ask_here(*differing, base, "--"))
        touched |= _names(self._ask_here("ls-files", "-z", "--others", "--exclude-standard"))
        untouched = _names(self._ask_here("ls-files", "-z")) - touched
        self._evidence.record(
            "git",
            {"operation": "change", "ref": ref, "base": base, "touched": len(touched)},
            "\n".join(sorted(touched)) or None,
        )
        commits = frozenset(self._ask("rev-list", "HEAD", f"^{found.stdout.strip()}").split())
        return Change(base, touched, untouched, commits)

    def _unrelated(self, ref: str) -> UsageError:
        if self._ask("rev-parse", "--is-shallow-repository").strip() == "true":
            return UsageError(
                f"{ref}: this clone is shallow, so it does not know where {ref} and HEAD parted",
                "git fetch --unshallow, or fetch-depth: 0 in the pipeline",
            )
        return UsageError(
            f"{ref}: it and HEAD have no commit in common", "name the branch that this one is merged into"
        )

    def _verified(self, ref: str) -> Signature:
        words = [word for pair in _VERIFIERS.items() for word in ("-c", "=".join(pair))]
        answer = self._git.run(*words, "verify-tag", "--raw", ref)
        said = "; ".join(line.strip() for line in answer.stderr.splitlines() if line.strip())
        good = True if answer.ok else False if _BAD.search(said) else None
        return Signature(annotated=True, signed=True, good=good, words=said)

    def _base_ref(self) -> str | None:
        branch = self._git.run("symbolic-ref", "--quiet", "--short", "HEAD").stdout.strip()
        named = self._git.run("config", "--get", f"branch.{branch}.remote").stdout.strip() if branch else ""
        remote = named if named not in ("", ".") else "origin"
        own = self._git.run("symbolic-ref", "--quiet", f"{_REMOTES}{remote}/HEAD").stdout.strip()
        followed = self._git.run("rev-parse", "--symbolic-full-name", "@{upstream}")
        guesses = (own, followed.stdout.strip() if followed.ok else "")
        return next((ref for ref in guesses if ref and self._exists(ref)), None)

    def _exists(self, ref: str) -> bool:
        return self._git.run("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}").ok

    def _heard_at(self) -> datetime | None:
        """When the remote was last asked: each fetch writes a file, and a clone begins a log."""
        fetched = self._inside("FETCH_HEAD")
        if fetched.is_file():
            return datetime.fromtimestamp(fetched.stat().st_mtime, UTC)
        log = self._inside("logs/HEAD")
        return _begun(log) if log.is_file() else None

    def _inside(self, name: str) -> Path:
        return self._git.directory / self._ask("rev-parse", "--git-path", name).rstrip("\n")

    def _ask(self, *words: str) -> str:
        return _asked(self._git, *words)

    def _ask_here(self, *words: str) -> str:
        return _asked(self._here, *words)


def _asked(git: GitCommand, *words: str) -> str:
    answer = git.run(*words)
    if not answer.ok:
        raise UsageError(f"git {words[0]} failed: {answer.reason}", "look at the repository with git fsck")
    return answer.stdout


def _names(listed: str) -> frozenset[str]:
    return frozenset(filter(None, listed.split("\0")))


def _begun(log: Path) -> datetime | None:
    """The time of the first entry of a reflog."""
    with log.open(encoding="utf-8", errors="replace") as lines:
        hit = re.search(r"> (\d+) [+-]\d{4}\t", lines.readline())
    return datetime.fromtimestamp(int(hit[1]), UTC) if hit else None
