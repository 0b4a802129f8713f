from pathlib import Path

import pytest

from hotelctl.core.errors import NotApplicable
from hotelctl.probes.staged_files import LARGEST_BYTES, staged_files
from tests.fakes.repository import FakeRepository

_ROOT = Path("/whole")


def test_files_of_the_project_by_its_own_names_and_none_is_new() -> None:
    repository = FakeRepository(_ROOT)
    repository.index = {"part/a.py": b"a", "other/b.py": b"b", "part/big": b"x" * (LARGEST_BYTES + 1)}
    found = staged_files(_ROOT / "part", _ROOT, repository)
    assert (found.files, found.new, found.doubts) == ({"a.py": b"a"}, frozenset(), {"big": "is too large"})


def test_nothing_staged_in_the_project_is_no_question() -> None:
    repository = FakeRepository(_ROOT)
    repository.index = {"other/b.py": b"b"}
    with pytest.raises(NotApplicable, match="nothing is staged"):
        staged_files(_ROOT / "part", _ROOT, repository)
