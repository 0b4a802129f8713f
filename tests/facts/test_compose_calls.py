import pytest

from hotelctl.facts.compose_calls import compose_calls
from hotelctl.facts.compose_choice import ComposeCall

_FILES = frozenset({"a.yml", "b.yml", "compose.yml", "infra/a.yml", "infra/b.yml", "infra/compose.yml"})


def calls(text: str, path: str = "scripts/up.sh") -> tuple[ComposeCall, ...]:
    """Those of one file in a project of a few."""
    return compose_calls(path, text, _FILES)


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("docker compose -f a.yml -f b.yml up -d", ("a.yml", "b.yml")),
        ("docker-compose -p x --file=a.yml --file b.yml --profile p up", ("a.yml", "b.yml")),
        ("docker --context prod compose -f 'a.yml' -f \"b.yml\" up && echo -f x", ("a.yml", "b.yml")),
        ("sudo docker compose \\\n  -f a.yml \\\n  -f b.yml \\\n  up", ("a.yml", "b.yml")),
        ("run: >-\n  docker compose -f a.yml\n  -f b.yml\n  up", ("a.yml", "b.yml")),
        ('  "up": "docker compose -f a.yml -f b.yml up -d",', ("a.yml", "b.yml")),
        ("DC := docker compose -f a.yml -f b.yml\nup:\n\t$(DC) up", ("a.yml", "b.yml")),
        ('FILES="-f a.yml -f b.yml"\ndocker compose $FILES up', ("a.yml", "b.yml")),
        ("BASE=a.yml\ndocker compose -f ${BASE} -f b.yml up", ("a.yml", "b.yml")),
        ("env:\n  COMPOSE_FILE: a.yml:b.yml\nrun: docker compose up", ("a.yml", "b.yml")),
        ("COMPOSE_FILE=a.yml:b.yml docker compose up", ("a.yml", "b.yml")),
        ("cd infra && docker compose -f a.yml -f b.yml up", ("infra/a.yml", "infra/b.yml")),
        ("(cd infra && docker compose -f a.yml -f b.yml up)", ("infra/a.yml", "infra/b.yml")),
        ("docker-compose -fa.yml -f=b.yml up", ("a.yml", "b.yml")),
        ("- run: docker compose -f ./infra/a.yml -f b.yml up", ("infra/a.yml", "b.yml")),
        ("working-directory: infra\nrun: docker compose -f a.yml up", ("infra/a.yml",)),
    ],
)
def test_the_files_of_a_command(text: str, files: tuple[str, ...]) -> None:
    (found,) = calls(text)
    assert (found.files, found.why, found.starts) == (files, "", True)


@pytest.mark.parametrize(
    "text",
    [
        "# docker compose -f a.yml up",
        "apt-get install docker-compose git",
        "cat docker-compose.yml",
        "docker compose -f elsewhere.yml up",
        'docker compose "$@"',
        "docker compose version",
    ],
)
def test_what_says_nothing(text: str) -> None:
    assert calls(text) == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("docker compose -f a.yml -f $X up", "which file $X is, is not known before it runs"),
        ("docker compose -f a.yml -f made.yml up", "it names made.yml, too, which git does not track"),
    ],
)
def test_what_nobody_can_tell(text: str, words: str) -> None:
    (found,) = calls(text)
    assert (found.files, found.why, str(found.place)) == ((), words, "scripts/up.sh:1")


@pytest.mark.parametrize(
    ("command", "starts", "weak"),
    [
        ("up -d", True, False),
        ("build", False, False),
        ("run --rm tests", False, False),
        ("up --exit-code-from tests", False, False),
        ("logs", True, True),
    ],
)
def test_what_a_command_does(command: str, starts: bool, weak: bool) -> None:  # noqa: FBT001 - a case
    (found,) = calls(f"docker compose -f a.yml {command}")
    assert (found.starts, found.weak) == (starts, weak)


def test_a_command_without_files_takes_what_compose_takes_in_its_directory() -> None:
    assert [one.directory for one in calls("docker compose up\ncd infra\ndocker compose up")] == ["", "infra"]
    assert calls("docker compose down") == ()


def test_parentheses_end_what_is_said_in_them_of_the_directory() -> None:
    found = calls("(cd infra && docker compose -f a.yml up)\ndocker compose -f b.yml up")
    assert [one.files for one in found] == [("infra/a.yml",), ("b.yml",)]


def test_paths_are_those_of_the_directory_that_the_command_names() -> None:
    (found,) = calls("docker compose --project-directory . -f infra/a.yml up")
    assert (found.files, found.directory) == (("infra/a.yml",), "")
    (found,) = calls("docker compose -f infra/a.yml up")
    assert found.directory == "infra"
    (beside,) = calls("docker compose -f a.yml -f b.yml up", "infra/up.sh")
    assert beside.files == ("a.yml", "b.yml"), "the root is where people stand"
