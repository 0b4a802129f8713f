import pytest

from hotelctl.checks.secrets.ignore_files_cover_env_files import ignore_files_cover_env_files as check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Severity
from hotelctl.facts.coming_env_files import ComingEnvFile, ComingEnvFiles
from tests.checks import made


def _one(**changes: object) -> ComingEnvFile:
    given = {"path": ".env", "origin": ".env.example", "within": ".env", "exposed": False}
    return ComingEnvFile(**(given | changes))  # type: ignore[arg-type]


def test_what_no_ignore_file_lets_through_is_fine() -> None:
    assert made.judged(check, ComingEnvFiles((_one(),))) == []


def test_what_git_would_take_is_named_with_the_template_that_it_comes_from() -> None:
    (found,) = made.judged(check, ComingEnvFiles((_one(path="a b/.env", exposed=True),)))
    assert found.message == (
        "a b/.env, once it is made from .env.example, is not ignored by git: "
        "the next `git add .` takes it along"
    )
    assert (str(found.location), found.severity) == (".env.example", None)
    assert found.fix == "echo '/a b/.env' >> .gitignore"
    assert check.info.severity is Severity.HIGH


def test_what_lies_here_is_named_itself_and_left_to_others_where_a_build_sends_it() -> None:
    lies = _one(origin="", exposed=True, sent_by=(("Dockerfile", ".dockerignore"),))
    (found,) = made.judged(check, ComingEnvFiles((lies,)))
    assert found.message.startswith(".env, which lies here, is not ignored by git")
    assert str(found.location) == ".env"


@pytest.mark.parametrize(
    ("rules", "to", "said"),
    [
        ("app/.dockerignore", "app/.dockerignore", "app/.dockerignore lets app/.env through"),
        (None, "app/.dockerignore", "no app/.dockerignore keeps app/.env out"),
    ],
)
def test_what_a_build_would_send_is_named_with_the_ignore_file(rules: str | None, to: str, said: str) -> None:
    sent = _one(path="app/.env", sent_by=(("app/Dockerfile", rules),))
    (found,) = made.judged(check, ComingEnvFiles((sent,)))
    assert (
        found.message
        == "app/.env, once it is made from .env.example, is sent with the build of app/Dockerfile"
    )
    assert found.fix == f"echo .env >> {to}"
    assert found.severity is Severity.MEDIUM
    assert said in str(found.evidence)


def test_an_ignore_file_that_cannot_be_read_is_a_doubt_after_what_was_found() -> None:
    judged = check.judge(ComingEnvFiles((_one(exposed=True),), {"Dockerfile": ".dockerignore: is not UTF-8"}))
    assert next(iter(judged)).subject == ".env (git)"
    with pytest.raises(Unavailable, match=r"Dockerfile: \.dockerignore: is not UTF-8"):
        list(judged)
