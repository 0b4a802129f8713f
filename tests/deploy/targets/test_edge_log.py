import gzip
import json
from pathlib import Path

import pytest

from hotelctl.deploy.targets.edge_log import EdgeLog

_HERE = "127.0.0.1:4000"


def line(n: int, upstream: str = _HERE) -> str:
    told = {"ts": float(n), "request": {"method": "GET", "uri": "/"}, "status": 200, "duration": 0.1}
    return json.dumps(told | {"upstream": upstream}) + "\n"


def lines(*numbers: int) -> str:
    return "".join(map(line, numbers))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "access.log"


def told(reader: EdgeLog) -> list[int]:
    return [int(one.at_s) for one in reader()]


def test_each_answer_is_told_once_from_that_moment_on(log: Path) -> None:
    reader = EdgeLog(log, _HERE, 2)
    assert told(reader) == []
    log.write_text(lines(1, 2) + line(3, "127.0.0.1:5000") + lines(4))
    assert told(reader) == [2, 4]
    assert told(reader) == []
    with log.open("a") as file:
        file.write(lines(5) + line(6)[:20])
        file.flush()
        assert told(reader) == [5]
        file.write(line(6)[20:])
    assert told(reader) == [6]


@pytest.mark.parametrize("packed", [False, True])
def test_what_was_written_before_the_log_was_changed_for_a_new_one_is_told(
    log: Path,
    packed: bool,  # noqa: FBT001 - a row
) -> None:
    log.write_text(lines(1))
    reader = EdgeLog(log, _HERE, 0)
    assert told(reader) == [1]
    with log.open("a") as file:
        file.write(lines(2))
    older = log.rename(log.with_name("access-2026-01-02T00-00-00.000.log"))
    log.write_text(lines(3))
    if packed:
        older.with_name(f"{older.name}.gz").write_bytes(gzip.compress(older.read_bytes()))
        older.unlink()
    assert told(reader) == [2, 3]
    assert told(EdgeLog(log, _HERE, 0)) == [1, 2, 3]


@pytest.mark.parametrize("half", [b"", b"\x1f\x8b\x08\x00"])
def test_a_log_that_is_being_packed_is_read_whole(log: Path, half: bytes) -> None:
    log.write_text(lines(1))
    reader = EdgeLog(log, _HERE, 0)
    assert told(reader) == [1]
    with log.open("a") as file:
        file.write(lines(2))
    older = log.rename(log.with_name("access-2026-01-02T00-00-00.000.log"))
    older.with_name(f"{older.name}.gz").write_bytes(half)
    log.write_text(lines(3))
    assert told(reader) == [2, 3]


def test_of_a_long_log_the_first_call_tells_the_end(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _goes_back(monkeypatch, 2)
    log.write_text(lines(*range(11, 90)))
    assert told(EdgeLog(log, _HERE, 0)) == [88, 89]


def _goes_back(monkeypatch: pytest.MonkeyPatch, *counts: int) -> None:
    """So many lines and a part of one; no more than a line of them is looked at for its time."""
    sizes = tuple(n * len(line(11)) + 5 for n in counts)
    monkeypatch.setattr("hotelctl.deploy.targets.edge_log._BACK_BYTES", sizes)
    monkeypatch.setattr("hotelctl.deploy.targets.edge_log._LINE_BYTES", 2 * len(line(11)))


@pytest.mark.parametrize("older", [False, True])
def test_the_first_call_goes_back_to_that_time_as_far_as_it_may(
    log: Path,
    monkeypatch: pytest.MonkeyPatch,
    older: bool,  # noqa: FBT001 - a row
) -> None:
    _goes_back(monkeypatch, 2, 10, 40)
    log.write_text(lines(*range(11, 90)))
    if older:
        log.rename(log.with_name("access-2026-01-02T00-00-00.000.log"))
        log.write_text(lines(90))
    more = [90] if older else []
    assert told(EdgeLog(log, _HERE, 89)) == [89, *more]
    assert told(EdgeLog(log, _HERE, 85)) == [*range(85, 90), *more]
    assert told(EdgeLog(log, _HERE, 60)) == [*range(60, 90), *more]
    assert told(EdgeLog(log, _HERE, 20)) == [*range(50, 90), *more]


def test_it_goes_back_no_further_than_it_needs(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _goes_back(monkeypatch, 2, 1000)
    log.write_text(lines(99, *range(11, 90)))
    assert told(EdgeLog(log, _HERE, 89)) == [89]
    assert told(EdgeLog(log, _HERE, 88)) == [99, 88, 89]


def test_the_first_call_goes_back_over_as_many_older_logs_as_it_needs(log: Path) -> None:
    for n in range(1, 4):
        older = log.with_name(f"access-2026-01-0{n}T00-00-00.000.log.gz")
        older.write_bytes(gzip.compress(lines(10 * n, 10 * n + 1).encode()))
    log.write_text(lines(40))
    assert told(reader := EdgeLog(log, _HERE, 0)) == [10, 11, 20, 21, 30, 31, 40]
    assert told(EdgeLog(log, _HERE, 21)) == [21, 30, 31, 40]
    log.rename(log.with_name("access-2026-01-04T00-00-00.000.log"))
    log.write_text(lines(50))
    assert told(reader) == [50]


@pytest.mark.parametrize(
    "spoilt",
    [b"\x1f\x8bnonsense", gzip.compress(b"x" * 99, mtime=0)[:10] + b"\xff" * 9],
    ids=["header", "middle"],
)
def test_a_spoilt_older_log_is_passed_over(log: Path, spoilt: bytes) -> None:
    log.write_text(lines(3))
    log.with_name("access-2026-01-02T00-00-00.000.log.gz").write_bytes(spoilt)
    assert told(EdgeLog(log, _HERE, 0)) == [3]
