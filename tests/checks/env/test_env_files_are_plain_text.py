import subprocess
from pathlib import Path

import pytest

from hotelctl.checks.env.env_files_are_plain_text import env_files_are_plain_text
from hotelctl.core.finding import Severity
from tests.checks import made


def test_utf_8_with_line_feeds_is_fine() -> None:
    assert not made.judged(env_files_are_plain_text, made.files("A=Zürich\nB=😀\n".encode()))


@pytest.mark.parametrize(
    ("data", "line", "words", "severity"),
    [
        (b"\xef\xbb\xbfA=hunter2\n", 1, "byte order mark", None),
        (b"A=1\nB=hunter2\r\nC=1\r\n", 2, "2 line ends", Severity.MEDIUM),
        (b"A=1\nB=hun\0ter2\n", 2, "NUL", None),
        (b"A=1\n\nB=hunter2\xfc\n", 3, "0xfc", None),
        ("A=1\n".encode("utf-16"), 1, "UTF-16", None),
    ],
)
def test_each_oddity_is_a_finding_with_its_line(
    data: bytes, line: int, words: str, severity: Severity | None
) -> None:
    (finding,) = made.judged(env_files_are_plain_text, made.files(data))
    assert str(finding.location) == f".env.local:{line}"
    assert words in finding.message
    assert finding.severity is severity


def test_all_of_them_at_once_are_told_apart() -> None:
    found = made.judged(env_files_are_plain_text, made.files(b"\xef\xbb\xbfA=\xff\r\nB=\0\r\n"))
    assert len({finding.subject for finding in found}) == len(found) == 4


@pytest.mark.parametrize("data", [b"\xef\xbb\xbfA=1\n", b"A=1\r\nB=2\r\n", b"A=1\0\n", b"A=\xfc\n"])
def test_the_fix_leaves_nothing_to_find(data: bytes, tmp_path: Path) -> None:
    (tmp_path / ".env.local").write_bytes(data)
    (finding,) = made.judged(env_files_are_plain_text, made.files(data))
    subprocess.run(["sh", "-c", finding.fix], cwd=tmp_path, check=True)
    mended = (tmp_path / ".env.local").read_bytes()
    assert mended.startswith(b"A=")
    assert not made.judged(env_files_are_plain_text, made.files(mended))
