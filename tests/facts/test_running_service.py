import pytest

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
