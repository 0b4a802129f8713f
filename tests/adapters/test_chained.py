import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotelctl.adapters.chained import ChainedFile
from hotelctl.core.chain import ChainBroken, decode
from hotelctl.core.errors import UsageError


def test_records_come_back_in_order_with_their_places(tmp_path: Path) -> None:
    log = ChainedFile(tmp_path / "deep" / "journal.jsonl")
    first = log.append({"kind": "intent"})
    log.append({"kind": "done"})
    assert first["seq"] == 1
    assert [record["kind"] for record in ChainedFile(tmp_path / "deep" / "journal.jsonl").records()] == [
        "intent",
        "done",
    ]
    assert log.records()[0] == first


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(cut=st.integers(min_value=0, max_value=400))
def test_wherever_a_crash_tears_the_file_whole_records_stay_and_the_chain_goes_on(
    tmp_path: Path, cut: int
) -> None:
    path = tmp_path / "torn.jsonl"
    path.unlink(missing_ok=True)
    log = ChainedFile(path)
    for n in range(3):
        log.append({"n": n})
    log.close()
    data = path.read_bytes()[:cut]
    path.write_bytes(data)
    again = ChainedFile(path)
    whole = data.count(b"\n")
    assert [record["n"] for record in again.records()] == list(range(whole))
    again.append({"n": "next"})
    assert len(decode(path.read_bytes()).records) == whole + 1
    again.close()


@pytest.mark.parametrize("line", [1, 2])
def test_other_damage_is_refused_with_the_line(tmp_path: Path, line: int) -> None:
    path = tmp_path / "journal.jsonl"
    log = ChainedFile(path)
    for n in range(3):
        log.append({"n": n})
    lines = path.read_bytes().split(b"\n")
    lines[line - 1] = lines[line - 1].replace(b'"n":', b'"m":')
    path.write_bytes(b"\n".join(lines))
    with pytest.raises(ChainBroken) as broken:
        ChainedFile(path)
    assert broken.value.line == line + 1


def test_two_writers_continue_one_chain(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    logs = [ChainedFile(path), ChainedFile(path)]

    def write(log: ChainedFile) -> None:
        for n in range(40):
            log.append({"n": n})

    threads = [threading.Thread(target=write, args=(log,)) for log in logs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(decode(path.read_bytes()).records) == 80


def test_a_reader_does_not_cut_what_another_process_is_writing(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    writer = ChainedFile(path)
    writer.append({"n": 1})
    assert len(ChainedFile(path).records()) == 1
    writer.append({"n": 2})
    assert [record["seq"] for record in writer.records()] == [1, 2]


_FULL_DISK = """
import resource, sys
from pathlib import Path
from hotelctl.adapters.chained import ChainedFile
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
log = ChainedFile(Path(sys.argv[1]))
log.append({"n": 1})
resource.setrlimit(resource.RLIMIT_FSIZE, (Path(sys.argv[1]).stat().st_size + 20,) * 2)
try:
    log.append({"n": "x" * 200})
except OSError as error:
    print("refused", error.errno)
"""


def test_a_write_that_the_kernel_cuts_short_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    done = subprocess.run(
        [sys.executable, "-c", _FULL_DISK, path], capture_output=True, text=True, check=False, timeout=20
    )
    assert done.stdout.startswith("refused"), done.stderr
    assert [record["n"] for record in decode(path.read_bytes()).records] == [1]
    assert not decode(path.read_bytes()).torn


def test_a_directory_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").mkdir()
    with pytest.raises(UsageError, match=r"journal\.jsonl: cannot be written: is a directory"):
        ChainedFile(tmp_path / "journal.jsonl")


_KILLED = """
import sys
from pathlib import Path
from hotelctl.adapters.chained import ChainedFile
log = ChainedFile(Path(sys.argv[1]))
n = 0
while True:
    log.append({"n": n, "text": "x" * 500})
    print(n, flush=True)
    n += 1
"""


def test_after_kill_9_every_record_that_was_acknowledged_is_there(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    with subprocess.Popen([sys.executable, "-c", _KILLED, path], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        acknowledged = [process.stdout.readline() for _ in range(30)]
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read().split()
    told = int((rest or acknowledged)[-1])
    assert len(ChainedFile(path).records()) >= told + 1
