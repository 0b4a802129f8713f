import hashlib
import json
import threading
from pathlib import Path
from typing import Any

import pytest

from hotelctl.adapters.evidence import EvidenceFile, Unrecorded
from hotelctl.core.chain import ChainBroken, decode
from hotelctl.core.redact import Redactor
from tests.fakes.clock import FakeClock

SECRET = "s3cret-Passw0rd/+="


def _open(path: Path, context: dict[str, Any] | None = None) -> EvidenceFile:
    return EvidenceFile(
        path / "evidence.jsonl", Redactor(b"key", [SECRET]), FakeClock(), {} if context is None else context
    )


def _records(path: Path) -> tuple[dict[str, Any], ...]:
    return decode((path / "evidence.jsonl").read_bytes()).records


def test_a_record_has_every_field_of_the_contract(tmp_path: Path) -> None:
    context: dict[str, Any] = {}
    with _open(tmp_path, context) as log:
        context |= {"commit": "abc", "dirty": False}
        assert log.record("process", {"argv": ("true",), "exit_code": 0}, "fine\n") == "ev-0001"
        head = log.head
    [record] = _records(tmp_path)
    output = (tmp_path / record["output"]["path"]).read_bytes()
    assert record["id"] == "ev-0001"
    assert (record["seq"], record["adapter"], record["commit"], record["dirty"]) == (
        1,
        "process",
        "abc",
        False,
    )
    assert record["started_at"] == "2026-03-01T12:00:00+00:00"
    assert record["version"]
    assert record["output"] == {
        "path": "evidence/ev-0001.txt",
        "bytes": len(output),
        "sha256": hashlib.sha256(output).hexdigest(),
        "redactions": 0,
    }
    line = (tmp_path / "evidence.jsonl").read_bytes().rstrip(b"\n")
    assert head == f"sha256:{hashlib.sha256(line).hexdigest()}"


def test_what_its_name_says_is_secret_is_hidden_in_a_record_and_a_command(tmp_path: Path) -> None:
    value = "Zx81kkQw9"
    told = {"argv": ["login", "--token", value, "token", "part"], "header": {"X-Api-Key": value}, "token": 7}
    with _open(tmp_path) as log:
        log.record("process", told)
    [record] = _records(tmp_path)
    assert value not in (tmp_path / "evidence.jsonl").read_text()
    assert record["argv"][1:2] + record["argv"][3:] == ["--token", "token", "part"]
    assert (list(record["header"]), record["token"]) == (["X-Api-Key"], 7)


def test_no_secret_reaches_the_disk_in_any_part(tmp_path: Path) -> None:
    with _open(tmp_path, {"target": f"postgresql://u:{SECRET}@h/d"}) as log:
        log.record(
            "process",
            {"argv": ["x", f"--key={SECRET}"], SECRET: {"nested": [SECRET.encode(), Path(f"/{SECRET}")]}},
            f"a {SECRET} b {json.dumps(SECRET)} c s3cret-Passw0rd%2F%2B%3D",
        )
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"s3cret" not in everything
    assert _records(tmp_path)[0]["output"]["redactions"] == 3


def test_reopened_after_a_torn_line_the_chain_and_the_numbers_go_on(tmp_path: Path) -> None:
    with _open(tmp_path) as log:
        log.record("a", {})
        log.record("b", {}, "second")
    path = tmp_path / "evidence.jsonl"
    path.write_bytes(path.read_bytes()[:-7])
    with _open(tmp_path) as again:
        assert again.record("c", {}) == "ev-0002"
    assert [(r["id"], r["adapter"]) for r in _records(tmp_path)] == [("ev-0001", "a"), ("ev-0002", "c")]


def test_an_output_that_was_killed_before_its_record_is_gone_when_the_log_is_opened_again(
    tmp_path: Path,
) -> None:
    with _open(tmp_path) as log:
        log.record("a", {}, "first")
    kept = tmp_path / "evidence" / "ev-0001.txt"
    (kept.parent / "ev-0002.txt").write_text("its record was never written")
    with _open(tmp_path) as again:
        again.record("b", {})
    assert list(kept.parent.iterdir()) == [kept]


def test_a_changed_byte_is_refused_when_it_is_opened_again(tmp_path: Path) -> None:
    with _open(tmp_path) as log:
        for name in ("one", "two", "three"):
            log.record(name, {})
    path = tmp_path / "evidence.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"two"', b'"tvo"'))
    with pytest.raises(ChainBroken) as broken:
        _open(tmp_path)
    assert broken.value.line == 3


def test_scopes_nest_and_belong_to_their_thread(tmp_path: Path) -> None:
    log = _open(tmp_path)
    elsewhere: list[str] = []

    def other() -> None:
        with log.scope() as ids:
            log.record("other", {})
        elsewhere.extend(ids)

    with log.scope() as outer:
        first = log.record("a", {})
        with log.scope() as inner:
            second = log.record("b", {})
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        third = log.record("c", {})
    log.record("after", {})
    log.close()
    assert (outer, inner) == ([first, second, third], [second])
    assert len(elsewhere) == 1
    assert not set(elsewhere) & set(outer)


def test_many_threads_write_one_unbroken_chain(tmp_path: Path) -> None:
    log = _open(tmp_path)

    def write() -> None:
        for _ in range(50):
            log.record("thread", {}, "output")

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log.close()
    assert len({record["id"] for record in _records(tmp_path)}) == 400


def test_what_cannot_be_utf_8_does_not_stop_a_record(tmp_path: Path) -> None:
    with _open(tmp_path) as log:
        log.record("git", {"path": "caf\udce9"}, "caf\udce9")
    assert _records(tmp_path)[0]["adapter"] == "git"


def test_without_a_report_ids_count_and_nothing_is_kept(tmp_path: Path) -> None:
    log = Unrecorded(Redactor(), FakeClock())
    with log.scope() as ids:
        assert [log.record("a", {}, "x"), log.record("b", {})] == ["ev-0001", "ev-0002"]
    assert ids == ["ev-0001", "ev-0002"]
    assert log.head == ""
    assert list(tmp_path.iterdir()) == []


def test_records_are_told_as_they_were_written_with_what_was_said(tmp_path: Path) -> None:
    with _open(tmp_path / "r1") as log:
        log.record("files", {"operation": "read"})
        said = log.record("process", {"argv": ["x"]}, f"the {SECRET}\n")
        silent = log.record("process", {"argv": ["y"]})
        told = log.told([silent, said])
    assert [record["argv"] for record, _ in told] == [["x"], ["y"]]
    assert {record["report"] for record, _ in told} == {"r1"}
    text = told[0][1]
    assert text is not None
    assert text.startswith("the [redacted")
    assert told[1][1] is None
