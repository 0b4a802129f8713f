import re
from pathlib import Path

import pytest
import typer.main

from hotelctl.cli._gate import _PIPE_CLOSED
from hotelctl.cli.main import app
from hotelctl.core.errors import ExitCode
from tests.house.readme import README, commands, run
from tests.house.tracked import ROOT, files, name

PAGES = [path for path in files(".md") if not name(path).startswith(("changelog.d/+", "reports/"))]
TEXT = README.read_text()


def exit_codes(text: str) -> dict[int, str]:
    """Number and name of each row of the table of exit codes."""
    return {int(code): word for code, word in re.findall(r"^\| (\d+) \| `(\w+)` \|", text, re.MULTILINE)}


def command_names() -> set[str]:
    """Every command that exists, groups spelled out: `report show`."""
    root = typer.main.get_command(app)
    found = set()
    for word, command in getattr(root, "commands", {}).items():
        below = getattr(command, "commands", None)
        found |= {f"{word} {inner}" for inner in below} if below else {word}
    return found


def test_the_page_of_exit_codes_is_the_code() -> None:
    assert exit_codes((ROOT / "docs/exit-codes.md").read_text()) == {c.value: c.name for c in ExitCode}


def test_the_readme_lists_every_command_and_no_other() -> None:
    words = set(re.findall(r"^\| `hotelctl ([a-z]+(?: [a-z]+)?)(?: \[[A-Z]+\])?` \|", TEXT, re.MULTILINE))
    assert words == command_names()


def test_the_readme_begins_with_its_two_commands() -> None:
    assert commands(TEXT)[0].split()[:2] == ["make", "deploy"]
    assert TEXT.index("\nmake deploy ") < TEXT.index("\nmake test ") < 400


def test_marked_commands_are_found_and_run(tmp_path: Path) -> None:
    text = "```sh run\n# no\ntouch a   # why\ntest \\\n  -f a\nfalse\ntouch b\n```\n```sh\ntouch c\n```\n"
    assert commands(text) == ["touch a", "test    -f a", "false", "touch b"]
    assert run(commands(text), tmp_path) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_links_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text())
    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_the_page_names_the_code_of_a_closed_pipe() -> None:
    assert f" {_PIPE_CLOSED}, " in (ROOT / "docs/exit-codes.md").read_text()


def test_the_readme_names_every_exit_code() -> None:
    told = TEXT.partition("## Exit codes\n")[2].partition("\n## ")[0]
    assert {int(code) for code in re.findall(r"`(\d+)`", told)} == {*ExitCode, _PIPE_CLOSED}
