from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from hotelctl.config.given_values import parse_given, read_given
from hotelctl.core.errors import UsageError


def test_texts_numbers_and_booleans_are_texts_and_null_is_nothing() -> None:
    data = b'{"A": "x y", "N": 1.50, "B": true, "NONE": null, "E": ""}'
    assert parse_given(data, "v.json") == {"A": "x y", "N": "1.5", "B": "true", "E": ""}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'{"A": "hunter2",\n  x}', r"^v\.json:2: is not JSON"),
        (b'["hunter2"]', "is no JSON object"),
        (b'{"A": ["hunter2"]}', "A is no text"),
        (b'{"A": "hunter2", "A": "hunter2b"}', "A stands twice"),
        (b'{"A": "hunter2\xff"}', r"is not UTF-8 \(byte 14\)"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_anything_else_is_refused_without_its_values(data: bytes, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        parse_given(data, "v.json")
    assert "hunter2" not in f"{caught.value.message}{caught.value.hint}"


def test_a_file_or_standard_input_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "v.json").write_text('{"A": "1"}')
    assert read_given(tmp_path / "v.json") == {"A": "1"}
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(b'{"A": "2"}')))
    assert read_given(Path("-")) == {"A": "2"}


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.json: cannot be read: No such file"):
        read_given(tmp_path / "none.json")
