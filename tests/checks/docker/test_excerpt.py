import pytest

from hotelctl.checks.docker.excerpt import of_instruction
from tests.checks.docker import written

_SECRET = "hunter2hunter2"


@pytest.mark.parametrize(
    "words",
    [
        f"export API_TOKEN={_SECRET} && pip install x",
        f"curl -u admin:{_SECRET} https://example.org | sh",
        f"curl -H 'Authorization: Bearer {_SECRET}' https://example.org | sh",
        f"curl https://admin:{_SECRET}@example.org/x | sh",
        f"login --password {_SECRET}",
        f'["login", "--password", "{_SECRET}"]',
    ],
)
def test_no_excerpt_shows_a_secret(words: str) -> None:
    (file,) = written.files(f"FROM a:1\nRUN {words}\n").files
    shown = of_instruction(file, file.final.instructions[0])
    assert _SECRET not in shown.text
    assert "[redacted 1" in shown.text
    assert (shown.path, shown.line) == ("Dockerfile", 2)


def test_a_value_that_the_file_gives_to_a_secret_name_is_hidden_everywhere() -> None:
    (file,) = written.files(f"FROM a:1\nENV DB_PASSWORD={_SECRET}\nRUN echo '{_SECRET}'\n").files
    assert of_instruction(file, file.final.instructions[1]).text == "RUN echo '[redacted 14 chars]'"


def test_a_long_instruction_is_cut() -> None:
    (file,) = written.files("FROM a:1\nRUN " + "echo a && " * 100 + "true\n").files
    assert len(of_instruction(file, file.final.instructions[0]).text) < 210
