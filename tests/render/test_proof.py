from collections.abc import Mapping
from io import StringIO

from rich.console import Console

from hotelctl.core.report import Status
from hotelctl.render import proof
from tests.render import made
from tests.render.test_exhibit import log

_WATCHED = "\n".join(f"[1] ALTER TABLE rooms ADD c{number} text (0.3 ms)" for number in range(50))


def shown(files: Mapping[str, bytes], width: int = 120) -> str:
    outcome = made.Outcome(Status.FAILED, evidence=("ev-0001",), findings=(made.finding(),))
    document = made.document({"ENV001": outcome})
    out = StringIO()
    check = next(one for one in document.checks() if one.id == "ENV001")
    proof.as_text(document, check, files, Console(file=out, width=width, markup=False, no_color=True))
    return out.getvalue()


def test_the_verdict_each_finding_and_the_records_that_show_it_are_told() -> None:
    read = {"adapter": "files", "operation": "read", "inputs": [{"path": "env.toml", "sha256": "0"}]}
    excerpt = {"adapter": "finding", "excerpt": "DATABASE_URL="}
    said = shown({"evidence.jsonl": log(read, excerpt)})
    assert "In the newest report  20260301T120000Z-3f2a91c0d5e8" in said
    assert "fail" in said
    assert said.index("is not set") < said.index("ev-0002 finding: DATABASE_URL=")
    assert said.index("It stands on") < said.index("ev-0001 files read: env.toml")


def test_what_a_long_record_says_ends_with_the_file_that_has_the_rest() -> None:
    watched = {"adapter": "watch", "output": {"path": "evidence/ev-0001.txt"}}
    said = shown({"evidence.jsonl": log(watched), "evidence/ev-0001.txt": _WATCHED.encode()})
    assert "[1] ALTER TABLE rooms ADD c39 text (0.3 ms)" in said
    assert "ADD c40 " not in said
    assert "10 lines more in evidence/ev-0001.txt" in said


def test_without_its_evidence_a_report_still_tells_the_verdict() -> None:
    said = shown({})
    assert "is not set" in said
    assert "It stands on" not in said
