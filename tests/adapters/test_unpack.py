import io
import tarfile
from pathlib import Path

import pytest

from hotelctl.adapters.unpack import UnsafeEntry, unpack


def _archive(*entries: tuple[str, bytes, str]) -> io.BytesIO:
    """Entries as (name, kind, content or the link's target)."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, kind, content in entries:
            info = tarfile.TarInfo(name)
            info.type = kind
            info.mode = 0o777
            if kind == tarfile.REGTYPE:
                info.size = len(content)
            else:
                info.linkname = content
            archive.addfile(info, io.BytesIO(content.encode()))
    packed.seek(0)
    return packed


def test_files_directories_and_inner_links(tmp_path: Path) -> None:
    unpack(
        _archive(
            ("sub", tarfile.DIRTYPE, ""),
            ("sub/link", tarfile.SYMTYPE, "../file"),
            ("file", tarfile.REGTYPE, "hello"),
        ),
        tmp_path,
    )
    assert (tmp_path / "sub" / "link").read_text() == "hello"
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize(
    "entries",
    [
        [("../outside", tarfile.REGTYPE, "x")],
        [("/tmp/outside", tarfile.REGTYPE, "x")],  # noqa: S108 - never written
        [("a/../../outside", tarfile.REGTYPE, "x")],
        [("link", tarfile.SYMTYPE, "/etc/passwd")],
        [("sub", tarfile.DIRTYPE, ""), ("sub/link", tarfile.SYMTYPE, "../../outside")],
        [("pipe", tarfile.FIFOTYPE, "")],
        [("hard", tarfile.LNKTYPE, "../outside")],
        [("device", tarfile.CHRTYPE, "")],
    ],
    ids=lambda entries: str(entries[-1][0]),
)
def test_what_leads_out_is_named_and_not_written(
    tmp_path: Path, entries: list[tuple[str, bytes, str]]
) -> None:
    root = tmp_path / "in" / "root"
    root.mkdir(parents=True)
    with pytest.raises(UnsafeEntry, match=entries[-1][0]):
        unpack(_archive(*entries), root)
    assert not (tmp_path / "in" / "outside").exists()
    assert not (tmp_path / "outside").exists()
    assert not any(path.is_symlink() for path in root.rglob("*"))


def test_a_large_file_is_whole_and_one_whose_end_is_missing_is_named(tmp_path: Path) -> None:
    large = "large " * 400_000
    packed = _archive(("before", tarfile.REGTYPE, "a"), ("large", tarfile.REGTYPE, large))
    unpack(packed, tmp_path)
    assert [(tmp_path / name).read_text() for name in ("before", "large")] == ["a", large]
    cut = io.BytesIO(packed.getvalue()[:2_000_000])
    (tmp_path / "other").mkdir()
    with pytest.raises((UnsafeEntry, tarfile.ReadError)):
        unpack(cut, tmp_path / "other")


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "root" / "door").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UnsafeEntry, match="door/file lies outside"):
        unpack(_archive(("door/file", tarfile.REGTYPE, "x")), tmp_path / "root")
    assert list((tmp_path / "elsewhere").iterdir()) == []
