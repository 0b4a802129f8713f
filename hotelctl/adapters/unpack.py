"""Unpacking an archive so that nothing lands, or leads, outside its directory."""

import os
import shutil
import tarfile
from pathlib import Path
from typing import IO


class UnsafeEntry(Exception):
    """An entry that may not be unpacked; the text names it and says why."""


def unpack(packed: IO[bytes], root: Path, within: str = "") -> None:
    """Files, directories and inner links of the tar file are below `root`, an existing directory.

    With `within`, a path that ends with a slash, it is what the file has below there, named from there.

    Of permissions only "executable" is kept. The filters of `tarfile` do the same, but not every
    Python from the floor on has them.

    Raises:
        UnsafeEntry: a name or a link that leads out, or something that is no file.

    """
    inside = root.resolve()
    # Nothing here ever puts a link in a directory's place, so one that was inside stays inside.
    known: set[Path] = set()
    with tarfile.open(fileobj=packed) as archive:
        for member in archive:
            name = member.name.removeprefix(within)
            if len(name) + len(within) == len(member.name):
                _place(archive, member, inside / name, inside, known)


def _place(
    archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path, root: Path, known: set[Path]
) -> None:
    if not _leads_into(target, root) or not _is_inside(target.parent, root, known):
        raise UnsafeEntry(f"{member.name} lies outside")
    if member.isdir():
        target.mkdir(parents=True, exist_ok=True)
    elif member.issym():
        if not _leads_into(target.parent / member.linkname, root):
            raise UnsafeEntry(f"the link {member.name} leads outside, to {member.linkname}")
        target.symlink_to(member.linkname)
    elif member.isreg():
        _write(archive, member, target)
    else:
        raise UnsafeEntry(f"{member.name} is neither a file, a directory nor a link")


def _write(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    content = archive.extractfile(member)
    if content is None:
        raise UnsafeEntry(f"{member.name} has no content")
    with content, target.open("xb") as handle:
        shutil.copyfileobj(content, handle)
    target.chmod(0o755 if member.mode & 0o100 else 0o644)


def _is_inside(directory: Path, root: Path, known: set[Path]) -> bool:
    """Whether it is, links followed; asked once a directory."""
    if directory not in known and directory.resolve().is_relative_to(root):
        known.add(directory)
    return directory in known


def _leads_into(path: Path, root: Path) -> bool:
    # By the words alone: what a link will lead to need not be there yet.
    return Path(os.path.normpath(path)).is_relative_to(root)
