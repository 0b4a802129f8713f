"""Unpacking an archive so that nothing lands, or leads, outside its directory."""

import os
import tarfile
from pathlib import Path
from typing import IO

_PIECE_BYTES = 1 << 20


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
    inside = os.fspath(root.resolve())
    # Nothing here ever puts a link in a directory's place, so one that was inside stays inside.
    known: set[str] = set()
    with tarfile.open(fileobj=packed) as archive:
        for member in archive:
            name = member.name.removeprefix(within)
            if len(name) + len(within) == len(member.name):
                _place(packed, member, os.path.join(inside, name), inside, known)  # noqa: PTH118 - see below


# Of thousands of files path objects take longer than to write them.
def _place(packed: IO[bytes], member: tarfile.TarInfo, target: str, root: str, known: set[str]) -> None:
    if not _leads_into(target, root) or not _is_inside(os.path.dirname(target), root, known):  # noqa: PTH120
        raise UnsafeEntry(f"{member.name} lies outside")
    if member.isdir():
        Path(target).mkdir(parents=True, exist_ok=True)
    elif member.issym():
        if not _leads_into(os.path.join(os.path.dirname(target), member.linkname), root):  # noqa: PTH118, PTH120
            raise UnsafeEntry(f"the link {member.name} leads outside, to {member.linkname}")
        Path(target).symlink_to(member.linkname)
    elif member.isreg() and not member.issparse():
        _write(packed, member, target)
    else:
        raise UnsafeEntry(f"{member.name} is neither a file, a directory nor a link")


def _write(packed: IO[bytes], member: tarfile.TarInfo, target: str) -> None:
    packed.seek(member.offset_data)
    left = member.size
    with open(target, "xb") as handle:  # noqa: PTH123 - see above
        while left and (piece := packed.read(min(left, _PIECE_BYTES))):
            handle.write(piece)
            left -= len(piece)
        os.fchmod(handle.fileno(), 0o755 if member.mode & 0o100 else 0o644)
    if left:
        raise UnsafeEntry(f"{member.name} is cut off")


def _is_inside(directory: str, root: str, known: set[str]) -> bool:
    """Whether it is, links followed; asked once a directory."""
    if directory not in known and Path(directory).resolve().is_relative_to(root):
        known.add(directory)
    return directory in known


def _leads_into(path: str, root: str) -> bool:
    # By the words alone: what a link will lead to need not be there yet.
    leads = os.path.normpath(path)
    return leads == root or leads.startswith(f"{root}/")
