import sys
from pathlib import Path

import pytest

from hotelctl.core.by_name import ByName, full_name, read


def test_what_is_known_by_name_is_found_by_the_class_itself() -> None:
    known = ByName({full_name(ByName): 1, full_name(read): 2})
    assert (known[ByName], known[read], len(known)) == (1, 2, 2)
    assert [*known] == [ByName, read]


@pytest.mark.parametrize("other", [str, "hotelctl.core.by_name.ByName", None, tuple[str, ...]], ids=str)
def test_nothing_is_known_of_anything_else(other: object) -> None:
    known = ByName({full_name(ByName): 1})
    assert other not in known
    with pytest.raises(KeyError):
        known[other]


def test_nothing_is_read_before_somebody_goes_through_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "read_by_name.py").write_text("class Late: ...\n")
    monkeypatch.syspath_prepend(tmp_path)
    known = ByName({"read_by_name.Late": 1})
    assert ByName not in known
    assert "read_by_name" not in sys.modules
    assert [full_name(one) for one in known] == ["read_by_name.Late"]
    del sys.modules["read_by_name"]
