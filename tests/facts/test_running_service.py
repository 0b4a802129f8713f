import pytest

from hotelctl.core.http import Reply
from hotelctl.facts.running_service import Asked
from tests.checks import made


@pytest.mark.parametrize(
    ("field", "body", "commit"),
    [
        ("git_sha", '{"git_sha": "abc"}', "abc"),
        ("build.commit", '{"build": {"commit": "abc"}}', "abc"),
        ("build.commit", '{"build": "abc"}', None),
        ("git_sha", '{"git_sha": 7}', None),
        ("git_sha", "no json", None),
    ],
)
def test_the_commit_is_found_by_its_path(field: str, body: str, commit: str | None) -> None:
    service = made.service(commit_field=field, version=made.asked("/version", body=body))
    assert service.commit == commit


def test_a_question_in_words() -> None:
    reply = Reply(200, {}, "", 0.0, "ev-1")
    assert Asked("http://127.0.0.1:1/a?b=c", reply).request == "GET /a?b=c"
    assert Asked("http://127.0.0.1:1", reply, "POST", "no token").request == "POST / with no token"
