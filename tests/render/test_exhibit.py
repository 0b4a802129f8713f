from collections.abc import Mapping

from hotelctl.core.chain import GENESIS, digest, encode
from hotelctl.render.exhibit import Exhibit, exhibits


def log(*records: Mapping[str, object]) -> bytes:
    lines, head = [], GENESIS
    for seq, record in enumerate(records, start=1):
        lines.append(encode({"id": f"ev-{seq:04}", **record}, seq, head))
        head = digest(lines[-1])
    return b"".join(lines)


def only(record: Mapping[str, object], said: bytes = b"") -> Exhibit:
    files = {"evidence.jsonl": log(record), "evidence/ev-0001.txt": said}
    return exhibits(files, ["ev-0001"])["ev-0001"]


def test_what_was_done_is_one_line() -> None:
    ran = {"adapter": "process", "argv": ["git", "log", "a b"], "exit_code": 0}
    assert only(ran).summary == "process: git log 'a b' (exit code 0)"
    read = {"adapter": "files", "operation": "read", "inputs": [{"path": "env.toml", "sha256": "0"}]}
    assert only(read).summary == "files read: env.toml"
    asked = {"adapter": "postgres", "operation": "query", "statement": "\nSELECT 1,\n 2"}
    assert only(asked).summary == "postgres query: SELECT 1, 2"
    assert only({"adapter": "git", "operation": "export"}).summary == "git export"
    assert len(only({"adapter": "process", "argv": ["x" * 999]}).summary) < 200


def test_fields_and_output_stand_below_it() -> None:
    record = {"adapter": "process", "duration_ms": 3, "output": {"path": "evidence/ev-0001.txt"}}
    exhibit = only(record, b"all\x1b[31m good\n")
    assert exhibit.fields == (("duration_ms", "3"),)
    assert (exhibit.said, exhibit.file) == ("all\\x1b[31m good", "evidence/ev-0001.txt")


def test_a_long_output_loses_its_middle_and_says_so() -> None:
    record = {"adapter": "process", "output": {"path": "evidence/ev-0001.txt"}}
    said = only(record, b"a" * 10_000 + b"b" * 10_000).said
    assert "[… 2000 characters are left out here …]" in said
    assert said.startswith("a")
    assert said.endswith("b")
    assert len(said) < 18_100


def test_only_what_is_wanted_and_there_is_given() -> None:
    files = {"evidence.jsonl": log({"adapter": "a"}, {"adapter": "b"})}
    assert list(exhibits(files, ["ev-0002", "ev-0009"])) == ["ev-0002"]
    assert exhibits({}, ["ev-0001"]) == {}
    assert exhibits({"evidence.jsonl": b"{}\n"}, ["ev-0001"]) == {}
