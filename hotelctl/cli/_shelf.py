"""The directory of reports: one directory a report, and `latest` that points at the newest."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.disk import make_directories, writing
from hotelctl.adapters.evidence import Unrecorded
from hotelctl.adapters.files import LocalFiles
from hotelctl.adapters.leftovers import clear_unfinished
from hotelctl.cli._head import head_commit
from hotelctl.cli._version import installed_version
from hotelctl.core.errors import UsageError
from hotelctl.core.redact import Redactor
from hotelctl.core.report import Verdict
from hotelctl.render import json
from hotelctl.render.document import Document
from hotelctl.render.load import load
from hotelctl.render.problems import Answer
from hotelctl.render.verify import HTML, MARKDOWN, REPORT, verify

LATEST = "latest"
_IGNORE = "# reports are results, not sources\n*\n"
_SHORT = 12
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def report_id(now: datetime, commit: str) -> str:
    """A name that sorts by time and says the commit."""
    return f"{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03d}Z-{commit[:_SHORT] or 'no-commit'}"


def store(path: Path, data: bytes) -> None:
    """`data` is on the disk as `path`, whole or not at all; a device or pipe is written to as it is."""
    if path.exists() and not path.is_file():
        with writing(path):
            path.write_bytes(data)
        return
    # A report is not evidence of itself: its writing is not recorded.
    files = LocalFiles(Unrecorded(Redactor(), SystemClock()), path.parent)
    files.write_durable(path.absolute(), data)


def append(path: Path, data: bytes) -> None:
    """`data` stands at the end of `path`; what others wrote there before stays."""
    with writing(path), path.open("ab") as file:
        file.write(data)


@dataclass(frozen=True, slots=True)
class Kept:
    """A report that is on the disk, and the directory that it shares with its evidence."""

    made: Document
    directory: Path


@dataclass(frozen=True, slots=True)
class Shelf:
    """`root` is the directory of reports."""

    root: Path

    def begin(self, name: str) -> Path:
        """The new directory of report `name`; a new shelf keeps itself out of git."""
        if not self.root.exists():
            make_directories(self.root)
            store(self.root / ".gitignore", _IGNORE.encode())
        make_directories(self.root / name)
        clear_unfinished(self.root / name)
        return self.root / name

    def keep(self, made: Document, *, latest: bool = True) -> Path:
        """The report is on the disk in its three forms; its directory is returned.

        `latest` points at it, but not where a hook saw one commit's changes: that hides no report of all.
        """
        directory = self.root / made.id
        tell_again(directory, made)
        store(directory / REPORT, json.render(made).encode())
        if latest:
            self._point(made.id)
        return directory

    def tells_end(self, name: str) -> bool:
        """False while the report called `name` is unwritten or tells of an interruption only.

        One that was thrown away, or that cannot be read, is nobody's to write again.
        """
        try:
            return read(self.root / name).verdict is not Verdict.INTERRUPTED
        except FileNotFoundError:
            return not (self.root / name).is_dir()
        except UsageError:
            return True

    def find(self, name: str) -> Path:
        """The directory of the report called `name`: an id, a path to it or into it, or `latest`.

        Raises:
            UsageError: there is no such report.

        """
        inside = self.root / name if _NAME.fullmatch(name) else Path(name)
        for place in (inside, Path(name)):
            directory = place if place.is_dir() else place.parent
            if (directory / REPORT).is_file() and (place.is_dir() or place.exists()):
                return directory.resolve()
        known = sorted(
            path.parent.name for path in self.root.glob(f"*/{REPORT}") if path.parent.name != LATEST
        )
        hint = f"the newest ones: {', '.join(known[:-4:-1])}" if known else "hotelctl validate writes one"
        raise UsageError(f"there is no report {name!r} in {self.root}", hint)

    def _point(self, name: str) -> None:
        link = self.root / LATEST
        part = self.root / f".{LATEST}.{os.getpid()}"
        with writing(link):
            part.unlink(missing_ok=True)
            part.symlink_to(name)
            part.replace(link)


def tell_again(directory: Path, made: Document) -> tuple[Path, ...]:
    """What people read of the report `made` is in `directory`, beside the evidence that it is made from."""
    from hotelctl.render import html, markdown

    texts = {MARKDOWN: markdown.render(made), HTML: html.render(made, contents(directory))}
    for name, text in texts.items():
        store(directory / name, text.encode("utf-8", "backslashreplace"))
    return tuple(directory / name for name in texts)


def contents(directory: Path) -> Mapping[str, bytes]:
    """The bytes of every file of a report by its name inside the directory."""
    found = (path for path in sorted(directory.rglob("*")) if path.is_file() or path.is_symlink())
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in found}


def read(directory: Path) -> Document:
    """The stored report. Raises `UsageError` when it cannot be read."""
    return load((directory / REPORT).read_bytes(), str(directory / REPORT))


def verified(directory: Path, *, any_commit: bool) -> Answer:
    """What `verify` finds in the report of `directory`, which is held against HEAD unless `any_commit`."""
    files = contents(directory)
    head = None if any_commit else head_commit(directory)
    return Answer(directory.name, len(files), head, verify(files, installed_version(), head))
