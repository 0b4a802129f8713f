import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from hotelctl.adapters.files import LocalFiles
from hotelctl.adapters.reach import Reach
from hotelctl.adapters.tools import MAKE, ToolEnvironment, home
from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Command
from tests.fakes.evidence import FakeEvidence
from tests.fakes.processes import Answer, FakeProcesses


def made(command: Command) -> None:
    """What venv leaves, and pip."""
    place = Path(command.argv[-1] if "venv" in command.argv else command.argv[0])
    if "venv" in command.argv:
        (place / "lib").mkdir(parents=True)
        (place / "bin").mkdir()
        (place / "bin" / "python").touch()
    else:
        (place.parent / "zizmor").write_text("#!/bin/sh\n")


class Place:
    """A user with a cache directory, and pip that answers as a test says."""

    def __init__(self, root: Path, pip: Answer | None = None, *, offline: bool = False) -> None:
        self.root = root
        self.pins = root / "pins.txt"
        self.pins.write_text("zizmor==1\n")
        self.processes = FakeProcesses()
        self.processes.answer(("--version",))
        self.processes.answer(("-m", "venv"), Answer(effect=made))
        self.processes.answer(("install",), pip or Answer(effect=made))
        self.reach = Reach(offline=offline)

    def tools(self) -> ToolEnvironment:
        """As one command has them."""
        files = LocalFiles(FakeEvidence(), self.root)
        environ = {"XDG_CACHE_HOME": str(self.root / "cache")}
        return ToolEnvironment(self.processes, files, environ, self.reach, self.pins)

    def why_not(self, asks: str = "") -> str:
        """Why there is no program."""
        with pytest.raises(Unavailable) as caught:
            self.tools().path("zizmor", asks)
        return caught.value.reason

    def installations(self) -> int:
        """How often pip was started."""
        return sum("install" in command.argv for command in self.processes.commands)


def test_it_is_made_once_and_found_again(tmp_path: Path) -> None:
    place = Place(tmp_path)
    assert place.tools().there() is None
    path = Path(place.tools().path("zizmor"))
    assert path.is_relative_to(tmp_path / "cache/hotelctl/tools")
    assert path.is_file()
    assert place.tools().path("zizmor") == str(path)
    assert place.installations() == 1
    assert place.tools().there() == path.parents[1]
    started = len(place.processes.commands)
    place.tools().path("zizmor")
    assert len(place.processes.commands) == started, "one that is whole is not asked anything"
    (argv,) = (command.argv for command in place.processes.commands if "install" in command.argv)
    assert {"--require-hashes", "--only-binary"} <= set(argv)


def test_what_was_looked_for_ahead_is_not_looked_for_again_and_nothing_is_made_for_it(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.tools().look()
    assert place.installations() == 0
    path = Path(place.tools().path("zizmor"))
    looked = place.tools()
    looked.look()
    (path.parent / "python").unlink()
    assert looked.path("zizmor") == str(path)
    assert place.installations() == 1
    place.tools().path("zizmor")
    assert place.installations() == 2


def test_other_pins_get_another_one_and_the_old_one_stays(tmp_path: Path) -> None:
    place = Place(tmp_path)
    old = Path(place.tools().path("zizmor"))
    place.pins.write_text("zizmor==2\n")
    assert Path(place.tools().path("zizmor")) != old
    assert old.is_file()


@pytest.mark.parametrize("name", ["bin/zizmor", "lib/smuggled.py"])
def test_one_that_was_changed_is_made_again(tmp_path: Path, name: str) -> None:
    place = Place(tmp_path)
    path = Path(place.tools().path("zizmor"))
    (path.parents[1] / name).write_text("evil")
    assert place.tools().there() is None
    assert place.tools().path("zizmor") == str(path)
    assert path.read_text() == "#!/bin/sh\n"
    assert not (path.parents[1] / "lib/smuggled.py").exists()
    assert place.installations() == 2


def test_one_of_which_a_part_was_removed_is_made_again(tmp_path: Path) -> None:
    place = Place(tmp_path)
    path = Path(place.tools().path("zizmor"))
    (path.parents[1] / "lib").rmdir()
    assert place.tools().there() is None
    assert place.tools().path("zizmor") == str(path)


def test_offline_it_says_what_makes_it(tmp_path: Path) -> None:
    place = Place(tmp_path, offline=True)
    why = place.why_not()
    assert "zizmor is not here: not asked, because of --offline" in why
    assert MAKE in why
    assert place.installations() == 0


def test_offline_one_that_is_there_works_but_may_not_ask_others(tmp_path: Path) -> None:
    Place(tmp_path).tools().path("zizmor")
    place = Place(tmp_path, offline=True)
    assert place.tools().path("zizmor", asks="127.0.0.1")
    assert "osv.example.org is not this machine" in place.why_not(asks="osv.example.org")


def test_a_failed_installation_is_tried_once_a_command_and_leaves_nothing(tmp_path: Path) -> None:
    place = Place(tmp_path, Answer(1, stderr="ERROR: No matching distribution found for zizmor==1\n"))
    tools = place.tools()
    for _ in range(3):
        with pytest.raises(Unavailable, match="No matching distribution found"):
            tools.path("zizmor")
    assert place.installations() == 1
    assert [path.name for path in (tmp_path / "cache/hotelctl/tools").iterdir()] == [".lock"]


def test_checks_side_by_side_wait_for_one_installation(tmp_path: Path) -> None:
    place = Place(tmp_path)
    tools, found = place.tools(), list[str]()
    threads = [threading.Thread(target=lambda: found.append(tools.path("zizmor"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(found), len(set(found)), place.installations()) == (4, 1, 1)


def test_a_program_that_is_not_among_them_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="squawk is none of the tools that"):
        Place(tmp_path).tools().path("squawk")


def test_a_cache_that_is_no_directory_is_a_reason(tmp_path: Path) -> None:
    place = Place(tmp_path)
    (tmp_path / "cache").write_text("in the way")
    why = place.why_not()
    assert str(tmp_path / "cache") in why
    assert MAKE in why


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/x/hotelctl/tools"),
        ({"XDG_CACHE_HOME": "x", "HOME": "/h"}, "/h/.cache/hotelctl/tools"),
        ({"HOME": "/h"}, "/h/.cache/hotelctl/tools"),
    ],
)
def test_where_they_are_kept(environ: Mapping[str, str], expected: str) -> None:
    assert home(environ) == Path(expected)


def test_a_program_inside_a_wheel_is_started_without_the_script_before_it(tmp_path: Path) -> None:
    tools = Place(tmp_path).tools()
    script = Path(tools.path("zizmor"))
    program = script.parent.parent / "lib" / "python3.11" / "site-packages" / "zizmor" / "bin" / "zizmor"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    assert Path(tools.path("zizmor")) == script, "one that may not be executed is the script's to mend"
    program.chmod(0o755)
    assert Path(tools.path("zizmor")) == program
