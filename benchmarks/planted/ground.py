"""A real repository in which cases are planted, each where it belongs."""

import os
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.planted.archives import packed
from benchmarks.planted.cases import Case

_ENV = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Sam",
    "GIT_AUTHOR_EMAIL": "sam@acme.example",
    "GIT_AUTHOR_DATE": "2026-01-02T03:04:05Z",
    "GIT_COMMITTER_NAME": "Sam",
    "GIT_COMMITTER_EMAIL": "sam@acme.example",
    "GIT_COMMITTER_DATE": "2026-01-02T03:04:05Z",
}
BASE: Mapping[str, str] = {
    "hotelctl.toml": 'schema = "hotelctl.service/1"\n\n[service]\nname = "acme-site"\ntitle = "Site"\n\n'
    '[env]\nfiles = [".env"]\n',
    "pyproject.toml": '[project]\nname = "acme-site"\nversion = "1.0.0"\n',
    "Dockerfile": "FROM scratch\nCOPY . /srv\n",
    ".gitignore": "/private/\n/.hotelctl/\n.env\n.env.*\n",
    ".dockerignore": "/.hotelctl/\n.env\n.env.*\n",
    "README.md": "# Site\n",
}
_ARCHIVES = frozenset({"archive", "old archive", "layer"})


@dataclass(frozen=True, slots=True)
class Ground:
    """The repository; `said` holds the names of the cases by the commit or tag that says them."""

    root: Path
    said: dict[str, str] = field(default_factory=dict)

    def git(self, *words: str, text: str = "") -> str:
        """What git says; one that fails ends the benchmark."""
        done = subprocess.run(
            ("/usr/bin/env", "git", *words),
            cwd=self.root,
            env=os.environ | _ENV,
            input=text,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        )
        return done.stdout.strip()

    def write(self, cases: Iterable[Case]) -> None:
        """Their files as they lie in the work tree."""
        for case in cases:
            path = self.root / case.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content(case))

    def commit(self, message: str) -> None:
        """Everything that is not ignored."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--file=-", "--cleanup=verbatim", text=message)

    def merge(self, cases: Sequence[Case]) -> None:
        """Each comes with a merge of two sides that do not have it, and goes with the next commit."""
        for case in cases:
            side = self.git("commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", "work on a side")
            self.write((case,))
            self.git("add", "--all")
            tree = self.git("write-tree")
            merged = self.git("commit-tree", tree, "-p", "HEAD", "-p", side, "-m", "merge the side")
            self.git("update-ref", "HEAD", merged)
        self.remove(cases)

    def remove(self, cases: Iterable[Case]) -> None:
        """With a commit of its own."""
        for case in cases:
            (self.root / case.path).unlink()
        self.commit("remove what is not needed")


def content(case: Case) -> bytes:
    """The bytes of its file."""
    if case.place in _ARCHIVES:
        return packed(case.path, case.inner, case.text.encode())
    return case.text.encode("utf-16" if case.place == "utf16" else "utf-8")


def planted(root: Path, cases: Iterable[Case], files: Mapping[str, str] = BASE) -> Ground:
    """A repository below `root` that holds them; `files` are there from the first commit, or ignored."""
    by_place: dict[str, list[Case]] = {}
    for case in cases:
        by_place.setdefault(case.place, []).append(case)
    ground = Ground(root)
    root.mkdir(parents=True)
    ground.git("init", "--quiet", "--initial-branch=main")
    for name, text in files.items():
        (root / name).write_text(text, encoding="utf-8")
    ground.commit("first")
    _past(ground, by_place)
    for case in by_place.get("message", ()):
        ground.commit(f"release\n\n{case.text}")
        ground.said[ground.git("rev-parse", "HEAD")] = case.name
    for number, case in enumerate(by_place.get("tag", ())):
        ground.git("tag", "--annotate", f"v1.{number}", "--file=-", "--cleanup=verbatim", text=case.text)
        ground.said[f"v1.{number}"] = case.name
    ground.write(case for place in ("tree", "utf16", "archive", "layer") for case in by_place.get(place, ()))
    ground.commit("the site")
    ground.write(case for place in ("untracked", "context") for case in by_place.get(place, ()))
    return ground


def _past(ground: Ground, by_place: Mapping[str, list[Case]]) -> None:
    """What later commits took away, or stands on another branch."""
    changed, gone = by_place.get("changed", []), by_place.get("deleted", []) + by_place.get("old archive", [])
    ground.write((*changed, *gone))
    ground.commit("a first version")
    for case in changed:
        (ground.root / case.path).write_text("nothing is kept here any more\n", encoding="utf-8")
    ground.commit("keep it elsewhere")
    ground.remove(gone)
    ground.merge(by_place.get("merge", []))
    ground.git("checkout", "--quiet", "-b", "side")
    ground.write(by_place.get("branch", ()))
    ground.commit("try it on a side")
    ground.git("checkout", "--quiet", "main")
