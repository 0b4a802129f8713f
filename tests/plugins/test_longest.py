from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.plugins import longest

_ROOT = Path(__file__).parents[2]


def _item(path: Path, name: str) -> Any:  # noqa: ANN401 - what the hook asks of a test
    return SimpleNamespace(path=path, name=name)


def test_every_file_that_is_named_is_there_once() -> None:
    assert [name for name in longest.LONGEST if not (_ROOT / name).is_file()] == []
    assert len(set(longest.LONGEST)) == len(longest.LONGEST)


def test_the_longest_files_come_first_whole_and_others_keep_their_order() -> None:
    first, second = (_ROOT / name for name in longest.LONGEST[:2])
    other, elsewhere = _ROOT / "tests" / "core" / "test_check.py", Path("/elsewhere/test_it.py")
    places = (other, second, elsewhere, second, first, other)
    items = [_item(path, str(number)) for number, path in enumerate(places)]
    longest.pytest_collection_modifyitems(config=SimpleNamespace(rootpath=_ROOT), items=items)  # type: ignore[arg-type]  # what the hook asks of it
    assert [item.name for item in items] == ["4", "1", "3", "0", "2", "5"]


def test_whole_files_are_handed_out_in_that_order() -> None:
    assert "--dist=loadfile --no-loadscope-reorder" in (_ROOT / "Makefile").read_text()
