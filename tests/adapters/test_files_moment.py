"""Files that somebody writes while they are read."""

from pathlib import Path

import pytest

from hotelctl.adapters import files as module
from hotelctl.adapters.files import LocalFiles
from tests.fakes.evidence import FakeEvidence

_READ = module._content
_LIMIT = 1_000


def _read_while(
    place: Path, monkeypatch: pytest.MonkeyPatch, when: str, then: dict[str, str | None]
) -> dict[str, bytes | str]:
    """What is read where somebody writes `then` once `when` was read."""

    def content(path: str, limit_bytes: int) -> bytes | str:
        what = _READ(path, limit_bytes)
        if path.endswith(when):
            for name, text in then.items():
                (place / name).unlink() if text is None else (place / name).write_text(text)
            then.clear()
        return what

    for name in ("a.py", "b.py"):
        (place / name).write_text("0\n")
    monkeypatch.setattr(module, "_content", content)
    names = ["a.py", "b.py", "c.py"]
    return dict(LocalFiles(FakeEvidence(), place).of_one_moment(place, names, _LIMIT))


def test_what_nobody_writes_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _read_while(tmp_path, monkeypatch, "a.py", {}) == {
        "a.py": b"0\n",
        "b.py": b"0\n",
        "c.py": "is not there",
    }


# What is taken out of one file and put into one that was read before would be in neither.
@pytest.mark.parametrize(
    ("when", "then", "changed"),
    [
        ("b.py", {"a.py": "1\n", "b.py": "1\n"}, {"a.py", "b.py"}),
        ("a.py", {"a.py": "1\n"}, {"a.py"}),
        ("b.py", {"a.py": None}, {"a.py"}),
        ("c.py", {"c.py": "1\n"}, {"c.py"}),
    ],
)
def test_what_was_changed_before_all_was_read_is_told(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    when: str,
    then: dict[str, str | None],
    changed: set[str],
) -> None:
    found = _read_while(tmp_path, monkeypatch, when, then)
    assert {name for name, what in found.items() if what == "was changed while it was read"} == changed


def test_of_what_was_written_just_now_no_clock_is_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_state", lambda _path: (2**63,))
    found = _read_while(tmp_path, monkeypatch, "b.py", {"a.py": "1\n"})
    assert found["a.py"] == "was changed while it was read"
    assert found["b.py"] == b"0\n"
