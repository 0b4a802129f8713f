import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.system

# A library that meets the interrupt in its own extension and reports it as an error of its own.
TURNED = """
import signal
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    raise ValueError("could not build") from None
"""
RUN = "import sys; sys.argv = ['hotelctl', 'status']; from hotelctl.__main__ import run; run()"


def python(place: Path, code: str) -> subprocess.CompletedProcess[str]:
    """How a process ended that ran `code` in `place`."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=place,
        env={**os.environ, "TMPDIR": str(place), "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )


def ended(place: Path, before: str) -> subprocess.CompletedProcess[str]:
    """How `hotelctl status` ended after `before` ran in its process."""
    return python(place, f"import signal; signal.signal(2, signal.default_int_handler)\n{before}\n{RUN}")


def replacing(tmp_path: Path, module: str, text: str) -> str:
    """Code that makes the first import of `module` run `text`."""
    (tmp_path / "instead").mkdir()
    (tmp_path / "instead" / "turned.py").write_text(text)
    return f"""
import importlib.util, sys
class Instead:
    def find_spec(self, name, *_):
        if name == {module!r}:
            return importlib.util.spec_from_file_location(name, {str(tmp_path / "instead/turned.py")!r})
sys.meta_path.insert(0, Instead())
"""


def test_an_interrupt_that_a_library_turns_into_its_error_is_no_bug(tmp_path: Path) -> None:
    for module in ("hotelctl.cli.main", "hotelctl.cli._looking"):  # before the gate, and behind it
        place = tmp_path / module
        place.mkdir()
        done = ended(place, replacing(place, module, TURNED))
        assert (done.returncode, done.stderr) == (130, "hotelctl: interrupted\n")
        assert list(place.glob("hotelctl-bug-*")) == []


def test_the_same_error_without_ctrl_c_stays_a_bug(tmp_path: Path) -> None:
    done = ended(
        tmp_path, replacing(tmp_path, "hotelctl.cli._looking", "raise ValueError('could not build')")
    )
    assert done.returncode == 70
    assert "this is a bug in hotelctl: ValueError: could not build" in done.stderr


def test_who_ignores_ctrl_c_goes_on_to_do_so(tmp_path: Path) -> None:
    code = "import signal; signal.signal(2, signal.SIG_IGN); from hotelctl.cli import _asked_to_end"
    code += "; _asked_to_end.remember(); signal.raise_signal(2); print(_asked_to_end.asked())"
    done = python(tmp_path, code)
    assert (done.returncode, done.stdout, done.stderr) == (0, "False\n", "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_command_that_is_told_to_end_clears_away_and_ends_as_a_shell_says_it(
    tmp_path: Path, number: signal.Signals
) -> None:
    raised = f"""
import signal
try:
    signal.raise_signal({number.value})
finally:
    print("cleared away")
"""
    done = ended(tmp_path, replacing(tmp_path, "hotelctl.cli._looking", raised))
    assert (done.returncode, done.stdout) == (128 + number, "cleared away\n")
    assert done.stderr == "hotelctl: interrupted\n"


def test_an_interrupt_while_an_object_is_destroyed_is_not_lost(tmp_path: Path) -> None:
    destroyed = """
import signal, time
class Held:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)
held = Held()
del held
time.sleep(30)
"""
    done = ended(tmp_path, replacing(tmp_path, "hotelctl.cli._looking", destroyed))
    assert (done.returncode, done.stderr) == (130, "hotelctl: interrupted\n")


def test_another_error_there_is_told_as_python_tells_it(tmp_path: Path) -> None:
    destroyed = """
class Held:
    def __del__(self):
        raise ValueError("not closed")
held = Held()
del held
"""
    done = ended(tmp_path, replacing(tmp_path, "hotelctl.cli._looking", destroyed))
    assert "Exception ignored in" in done.stderr
    assert "ValueError: not closed" in done.stderr
