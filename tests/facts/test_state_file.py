import json
from pathlib import Path
from typing import Any

import pytest

from hotelctl.core.errors import UsageError
from hotelctl.deploy.release import Release
from hotelctl.facts.state_file import fence_number, read_again, variables

PATH = Path(".hotelctl/local/x.json")
OTHER = "it holds something else than hotelctl writes there"
RELEASE = Release("d1", "1.0", "a" * 40, "artifact/x.whl", "0", None, {})


def test_what_was_written_is_read_again() -> None:
    data = json.dumps(RELEASE.to_json()).encode()
    assert read_again(PATH, data, Release.from_json, "") == RELEASE
    assert read_again(PATH, b" 7\n", fence_number, "") == 7
    assert read_again(PATH, b'{"A": "b"}', variables, "") == {"A": "b"}


@pytest.mark.parametrize(
    ("data", "make", "why"),
    [
        (b"", fence_number, "it is empty"),
        (b" \n", fence_number, "it is empty"),
        (b"x", fence_number, "it is no JSON"),
        (b"\xff\xfe\xff", fence_number, "it is no JSON"),
        (b"[" * 100_000, fence_number, "it is no JSON"),
        (b"-1", fence_number, OTHER),
        (b"1.5", fence_number, OTHER),
        (b"true", fence_number, OTHER),
        (b"{}", Release.from_json, OTHER),
        (b"[]", Release.from_json, OTHER),
        (b"null", Release.from_json, OTHER),
        (b"[]", variables, OTHER),
        (b'{"A": 1}', variables, OTHER),
    ],
)
def test_what_was_spoilt_names_file_reason_and_remedy(data: bytes, make: Any, why: str) -> None:  # noqa: ANN401 - any maker
    with pytest.raises(UsageError) as refused:
        read_again(PATH, data, make, "put it back")
    assert refused.value.message == f".hotelctl/local/x.json: cannot be read: {why}"
    assert (refused.value.hint, refused.value.exit_code) == ("put it back", 2)


def test_nothing_of_what_stands_in_it_is_said() -> None:
    with pytest.raises(UsageError) as refused:
        read_again(PATH, b'{"PASSWORD": "hunter2', variables, "")
    assert "hunter2" not in str(refused.value)
