import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.guarded import GRACE_S
from hotelctl.adapters.process import LocalProcesses, clean_environment
from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Command
from tests.fakes.evidence import FakeEvidence

pytestmark = pytest.mark.system
# Numbers of seconds that name a program among those of the whole machine; another run has others.
_OWN = str(os.getpid())
_PATIENCE_S = 60.0
# After so long a shell has set its trap, on a busy machine too.
_HEARD_S = 3.0


def _alive(marker: str) -> dict[int, str]:
    """Processes, other than one's own, whose command line holds `marker`."""
    found = {}
    for place in Path("/proc").iterdir():
        if place.name.isdigit() and int(place.name) != os.getpid():
            try:
                line = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if marker in line:
                found[int(place.name)] = line
    return found


def _runs(sleep: str, *ends: str) -> bool:
    """Whether a program runs for each of these ends, beside the shells that say the same."""
    return {f"{sleep}{end}" for end in ends} <= {line.strip() for line in _alive(sleep).values()}


def _gone(marker: str) -> bool:
    return _comes_true(lambda: not _alive(marker))


def _comes_true(holds: Callable[[], object]) -> bool:
    end = time.monotonic() + _PATIENCE_S
    while not (held := holds()) and time.monotonic() < end:
        time.sleep(0.02)
    return bool(held)


def test_both_streams_the_code_and_the_record(processes: LocalProcesses, evidence: FakeEvidence) -> None:
    done = processes.run(Command(("sh", "-c", "echo out; echo err >&2; exit 3")))
    assert (done.exit_code, done.stdout, done.stderr, done.ok) == (3, "out\n", "err\n", False)
    [record] = evidence.records
    assert record["id"] == done.evidence
    assert (record["exit_code"], record["signal"], record["timed_out"]) == (3, None, False)
    assert len(record["tool"]["sha256"]) == 64
    assert evidence.outputs[done.evidence] == "--- stdout ---\nout\n--- stderr ---\nerr\n"


def test_a_variable_that_no_environment_can_carry_is_named_without_its_value(
    processes: LocalProcesses,
) -> None:
    with pytest.raises(Unavailable, match=r"^true cannot be started: GIVEN holds a NUL byte$"):
        processes.run(Command(("true",), env={"GIVEN": "a\0b"}))


def test_a_signal_is_named(processes: LocalProcesses, evidence: FakeEvidence) -> None:
    assert processes.run(Command(("sh", "-c", "kill -KILL $$"))).exit_code == -signal.SIGKILL
    assert (evidence.records[0]["exit_code"], evidence.records[0]["signal"]) == (None, "SIGKILL")


def test_only_the_allow_listed_environment_and_what_the_command_names(evidence: FakeEvidence) -> None:
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": "/nowhere",
        "PIP_INDEX_URL": "https://index.invalid",
        "DATABASE_URL": "postgresql://u:secret@h/d",
        "PYTHONPATH": "/evil",
        "LD_PRELOAD": "",
        "GIT_DIR": "/elsewhere",
        "LANG": "de_DE",
    }
    processes = LocalProcesses(evidence, SystemClock(), environ)
    done = processes.run(Command(("env",), env={"GIVEN": "1"}))
    got = dict(line.split("=", 1) for line in done.stdout.splitlines())
    assert set(got) - {"PWD", "SHLVL", "_"} == {"PATH", "HOME", "PIP_INDEX_URL", "LANG", "LC_ALL", "GIVEN"}
    assert got["LANG"] == got["LC_ALL"] == "C.UTF-8"
    assert evidence.records[0]["env"] == ["GIVEN"]


def test_without_a_path_programs_are_still_found() -> None:
    assert clean_environment({})["PATH"] == os.defpath


def test_standard_input_is_closed_or_what_was_given(processes: LocalProcesses) -> None:
    assert processes.run(Command(("cat",), timeout_s=_PATIENCE_S)).stdout == ""
    big = b"line\n" * 200_000
    assert processes.run(Command(("cat",), stdin=big)).stdout.encode() == big
    assert processes.run(Command(("true",), stdin=big)).ok


def test_much_output_on_both_streams_neither_blocks_nor_grows(processes: LocalProcesses) -> None:
    script = "import sys\nfor n in range(200000):\n print(n); print(n, file=sys.stderr)"
    done = processes.run(Command((sys.executable, "-c", script), output_limit_bytes=10_000))
    assert done.truncated
    assert len(done.stdout) < 10_200
    assert done.stdout.startswith("0\n1\n")
    assert done.stdout.endswith("\n199999\n")
    assert "bytes left out" in done.stdout


@pytest.mark.parametrize(
    ("program", "words"), [("nosuch-program", "nosuch-program"), ("/etc/passwd", "passwd")]
)
def test_an_absent_program_is_named(processes: LocalProcesses, program: str, words: str) -> None:
    with pytest.raises(Unavailable, match=words):
        processes.run(Command((program,)))


def test_a_script_whose_interpreter_is_missing_is_named(processes: LocalProcesses, tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("#!/no/such/interpreter\n")
    script.chmod(0o755)
    with pytest.raises(Unavailable, match="script cannot be started: no such file"):
        processes.run(Command((str(script),)))


def test_a_missing_directory_is_named(processes: LocalProcesses, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="there is no such directory"):
        processes.run(Command(("true",), cwd=tmp_path / "absent"))


def test_a_relative_program_is_looked_for_where_it_runs(processes: LocalProcesses, tmp_path: Path) -> None:
    script = tmp_path / "run"
    script.write_text("#!/bin/sh\npwd\n")
    script.chmod(0o755)
    assert processes.run(Command(("./run",), cwd=tmp_path)).stdout.strip() == str(tmp_path)


def test_what_a_confidential_program_prints_is_returned_and_not_recorded(
    processes: LocalProcesses, evidence: FakeEvidence
) -> None:
    done = processes.run(Command(("echo", "made-just-now"), confidential=True))
    assert done.stdout == "made-just-now\n"
    assert evidence.outputs == {}


def test_at_the_limit_the_whole_tree_ends_also_who_left_the_session(processes: LocalProcesses) -> None:
    sleep = f"sleep {_OWN}81"
    script = f"{sleep}01 & setsid sh -c '{sleep}02 & {sleep}03' & {sleep}04"
    done = processes.run(Command(("sh", "-c", script), timeout_s=0.4))
    assert (done.exit_code, done.timed_out, done.ok) == (None, True, False)
    assert _gone(sleep)


def test_who_ignores_the_request_is_killed(processes: LocalProcesses) -> None:
    script = f"trap '' TERM; echo deaf; while :; do sleep 0.05; done # {_OWN}8201"
    done = processes.run(Command(("sh", "-c", script), timeout_s=_HEARD_S))
    assert (done.timed_out, done.stdout) == (True, "deaf\n")
    assert done.duration_s >= _HEARD_S + GRACE_S
    assert _gone(f"# {_OWN}8201")


def test_who_heeds_the_request_may_say_goodbye(processes: LocalProcesses) -> None:
    script = "trap 'echo bye; exit 0' TERM; while :; do sleep 0.05; done"
    done = processes.run(Command(("sh", "-c", script), timeout_s=_HEARD_S))
    assert done.timed_out
    assert done.stdout == "bye\n"


def test_what_an_ended_program_left_in_its_session_is_killed(processes: LocalProcesses) -> None:
    sleep = f"sleep {_OWN}8301"
    done = processes.run(Command(("sh", "-c", f"{sleep} & echo done")))
    assert (done.timed_out, done.stdout) == (False, "done\n")
    assert _gone(sleep)


def test_a_daemon_on_purpose_stays_and_is_not_waited_for(processes: LocalProcesses, tmp_path: Path) -> None:
    sleep = f"sleep {_OWN}8401"
    script = f"setsid sh -c 'echo $$ > away; exec {sleep}' & until [ -s away ]; do sleep 0.05; done"
    done = processes.run(Command(("sh", "-c", script), cwd=tmp_path))
    assert (done.ok, done.timed_out) == (True, False)
    assert _alive(sleep)
    os.kill(int((tmp_path / "away").read_text()), signal.SIGKILL)


def test_ctrl_c_does_not_meet_a_program_that_is_being_started_and_is_not_kept_from_it_later(
    processes: LocalProcesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked, popen = [], subprocess.Popen

    def noting(*words: Any, **more: Any) -> "subprocess.Popen[bytes]":  # noqa: ANN401 - passed on
        blocked.append(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ()))
        return popen(*words, **more)

    monkeypatch.setattr(subprocess, "Popen", noting)
    shown = "import signal; print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ()))"
    assert processes.run(Command((sys.executable, "-c", shown))).stdout == "False\n"
    assert blocked == [True]
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_an_interruption_ends_the_tree_and_goes_on_up(processes: LocalProcesses) -> None:
    sleep = f"sleep {_OWN}85"

    def interrupt() -> None:
        _comes_true(lambda: _runs(sleep, "01", "02"))
        os.kill(os.getpid(), signal.SIGINT)

    with ThreadPoolExecutor(1) as beside:
        interrupted = beside.submit(interrupt)
        with pytest.raises(KeyboardInterrupt):
            processes.run(Command(("sh", "-c", f"setsid {sleep}01 & {sleep}02")))
    interrupted.result()
    assert _gone(sleep)


_VICTIM = """
import os, sys, threading
from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.evidence import Unrecorded
from hotelctl.adapters.process import LocalProcesses
from hotelctl.core.ports import Command
from hotelctl.core.redact import Redactor
processes = LocalProcesses(Unrecorded(Redactor(), SystemClock()), SystemClock(), os.environ)
sleep = "sleep " + sys.argv[1]
script = f"{sleep}01 & setsid sh -c '{sleep}02 & {sleep}03' & echo; {sleep}04"
command = Command(("sh", "-c", script))
thread = threading.Thread(target=processes.run, args=(command,))
thread.start()
thread.join()
"""


@pytest.mark.parametrize("victim", ["hotelctl", "guard"])
def test_after_kill_9_nothing_is_left(victim: str) -> None:
    sleep = f"sleep {_OWN}86"
    with subprocess.Popen([sys.executable, "-c", _VICTIM, f"{_OWN}86"]) as hotelctl:
        assert _comes_true(lambda: _runs(sleep, "01", "02", "03", "04"))
        number = hotelctl.pid
        if victim == "guard":
            children = Path(f"/proc/{hotelctl.pid}/task").glob("*/children")
            number = int("".join(path.read_text() for path in children).split()[0])
        os.kill(number, signal.SIGKILL)
        if victim == "hotelctl":
            assert _gone(sleep)
        else:
            # The kernel takes the program, hotelctl its group; who left the session has no keeper then.
            assert _gone(f"{sleep}01")
            assert _gone(f"{sleep}04")
    for number in _alive(sleep):
        os.kill(number, signal.SIGKILL)


def test_the_end_of_the_thread_that_started_a_program_does_not_end_it(processes: LocalProcesses) -> None:
    results: list[bool] = []

    def work() -> None:
        results.append(processes.run(Command(("sh", "-c", "sleep 0.4; echo whole"))).stdout == "whole\n")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 4


def test_no_descriptor_is_left_open(processes: LocalProcesses) -> None:
    processes.run(Command(("true",)))
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        processes.run(Command(("true",), stdin=b"x"))
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_program_that_was_begun_loads_and_waits_for_its_word(
    processes: LocalProcesses, evidence: FakeEvidence, tmp_path: Path
) -> None:
    loaded = tmp_path / "loaded"
    code = "touch loaded; read word && echo heard $word"
    with processes.begun(Command(("sh", "-c", code), tmp_path)) as begun:
        assert _comes_true(loaded.exists)
        time.sleep(0.2)
        done = begun.end(b"go\n", 30)
    assert (done.exit_code, done.stdout) == (0, "heard go\n")
    (record,) = evidence.records
    assert record["waited_ms"] >= 200 > record["duration_ms"]


def test_the_limit_of_a_program_that_was_begun_counts_from_its_word(processes: LocalProcesses) -> None:
    with processes.begun(Command(("sh", "-c", "read word; sleep 60"), timeout_s=0.1)) as begun:
        time.sleep(0.5)
        done = begun.end(b"go\n", 1)
    assert done.timed_out
    assert 0.9 < done.duration_s < _PATIENCE_S


def test_a_program_that_is_never_told_is_gone_without_a_word(
    processes: LocalProcesses, tmp_path: Path
) -> None:
    heard = tmp_path / "heard"
    number = f"86{_OWN}"
    code = f"read word && touch heard; sleep {number}"
    with processes.begun(Command(("sh", "-c", code), tmp_path)):
        assert _comes_true(lambda: _alive(number))
    assert _gone(number)
    assert not heard.exists()


def test_a_program_that_ended_without_a_word_is_over(processes: LocalProcesses) -> None:
    with processes.begun(Command(("echo", "asked too early"))) as begun:
        assert _comes_true(begun.over)
    with processes.begun(Command(("sh", "-c", "read word && echo heard $word"))) as begun:
        assert not begun.over()
        assert begun.end(b"go\n", 30).stdout == "heard go\n"


def test_a_program_that_cannot_begin_says_so(processes: LocalProcesses) -> None:
    with pytest.raises(Unavailable, match="not installed"), processes.begun(Command(("no-such-program",))):
        raise AssertionError


def test_the_number_of_an_ended_program_stays_its_own_until_its_session_is_gone() -> None:
    watched = """
import os, time
from hotelctl.adapters import guard
child = os.fork()
if not child:
    os._exit(7)
while (code := guard._reap(child)) is None:
    time.sleep(0.01)
print(code, guard._processes()[child][2])
"""
    done = subprocess.run([sys.executable, "-c", watched], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["7", "Z"]


def test_a_program_that_a_signal_ended_tells_which(processes: LocalProcesses) -> None:
    assert processes.run(Command(("sh", "-c", "kill -9 $$"))).exit_code == -9


def test_what_it_prints_is_heard_as_it_comes(processes: LocalProcesses) -> None:
    parts: list[tuple[float, bytes]] = []
    code = "import time; print('one', flush=True); time.sleep(1); print('two')"
    done = processes.run(
        Command((sys.executable, "-c", code), heard=lambda part: parts.append((time.monotonic(), part)))
    )
    assert done.stdout == "one\ntwo\n"
    assert b"".join(part for _, part in parts) == b"one\ntwo\n"
    assert parts[-1][0] - parts[0][0] > 0.5
