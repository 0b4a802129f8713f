from collections.abc import Mapping

import pytest

from hotelctl.facts.push_progress import PushProgress


def _read(*messages: Mapping[str, object]) -> tuple[PushProgress, list[str]]:
    progress = PushProgress()
    return progress, [line for one in messages for line in progress.read(one)]


def test_a_layer_is_told_when_it_is_there_and_not_by_the_byte() -> None:
    progress, lines = _read(
        {"status": "The push refers to repository [r/notes]"},
        {"status": "Preparing", "id": "aaa"},
        {"status": "Preparing", "id": "bbb"},
        {"status": "Pushing", "id": "aaa", "progress": "1 of 9"},
        {"status": "Pushing", "id": "aaa", "progress": "9 of 9"},
        {"status": "Layer already exists", "id": "bbb"},
        {"status": "Retrying in 5 seconds", "id": "aaa"},
        {"status": "Pushed", "id": "aaa"},
        {"aux": {"Tag": "1", "Digest": "sha256:1", "Size": 9}},
    )
    assert lines == [
        "bbb: layer already exists, 1 of 2 layers",
        "aaa: Retrying in 5 seconds",
        "aaa: pushed, 2 of 2 layers",
    ]
    assert progress.digest == "sha256:1"
    assert not progress.error


@pytest.mark.parametrize(
    ("said", "final"),
    [
        ("denied: requested access to the resource is denied", True),
        ("unauthorized: authentication required", True),
        ("no basic auth credentials", True),
        ("An image does not exist locally with the tag: notes", True),
        ("Get http://127.0.0.1:1/v2/: dial tcp: connect: connection refused", False),
        ("received unexpected HTTP status: 503 Service Unavailable", False),
        ("EOF", False),
        ("read: connection reset by peer", False),
    ],
)
def test_what_trying_again_may_mend_is_told_from_what_it_does_not(said: str, *, final: bool) -> None:
    assert _read({"error": said})[0].is_final is final
