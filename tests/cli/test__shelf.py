import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hotelctl.cli._shelf import Shelf, contents, read, report_id, store, verified
from hotelctl.core.errors import UsageError
from hotelctl.core.report import Verdict
from hotelctl.render.verify import EVIDENCE, HTML, MARKDOWN, REPORT
from tests.render import made
from tests.render.test_verify import OUTPUT, evidence, head_of


def kept(shelf: Shelf, name: str, **changes: Any) -> Path:  # noqa: ANN401 - any field of a report
    place = shelf.begin(name)
    (place / EVIDENCE).write_bytes(evidence())
    (place / OUTPUT).parent.mkdir()
    (place / OUTPUT).write_bytes(b"--- stdout ---\nall good\n")
    return shelf.keep(made.document(id=name, evidence_head=head_of(evidence()), **changes))


def test_a_report_is_kept_in_both_forms_and_latest_points_at_the_newest(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "reports")
    first, second = kept(shelf, "a"), kept(shelf, "b")
    assert {path.name for path in first.iterdir()} == {REPORT, MARKDOWN, HTML, EVIDENCE, "evidence"}
    assert (tmp_path / "reports/latest").readlink() == Path("b")
    assert shelf.find("latest") == second
    assert [path.name for path in shelf.root.glob(".latest*")] == []


def test_a_report_begun_again_loses_what_a_kill_left_half_written(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "reports")
    place = kept(shelf, "a")
    (place / f".{REPORT}.k3.part").write_bytes(b"{")
    assert {path.name for path in shelf.begin("a").iterdir()} == {
        REPORT,
        MARKDOWN,
        HTML,
        EVIDENCE,
        "evidence",
    }


def test_a_new_shelf_keeps_itself_out_of_git_and_an_old_one_is_left_alone(tmp_path: Path) -> None:
    Shelf(tmp_path / "new").begin("a")
    assert "\n*\n" in (tmp_path / "new/.gitignore").read_text()
    (tmp_path / "old").mkdir()
    Shelf(tmp_path / "old").begin("a")
    assert not (tmp_path / "old/.gitignore").exists()


def test_a_report_is_found_by_id_by_path_and_by_any_file_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Shelf(tmp_path / "reports")
    place = kept(shelf, "a")
    monkeypatch.chdir(tmp_path)
    for name in ("a", "latest", str(place), "reports/a", "reports/a/report.json", "reports/latest"):
        assert shelf.find(name) == place


@pytest.mark.parametrize("name", ["nothing", "", ".", "reports", "../x", "reports/a/none.json"])
def test_what_is_no_report_is_refused_with_the_known_ones(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Shelf(tmp_path / "reports")
    kept(shelf, "a")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="no report") as refused:
        shelf.find(name)
    assert "newest ones: a" in refused.value.hint


def test_what_was_kept_is_read_and_verified(tmp_path: Path) -> None:
    place = kept(Shelf(tmp_path), "a")
    assert read(place).id == "a"
    answer = verified(place, any_commit=True)
    assert (answer.exit_code, answer.files, answer.head) == (0, 5, None)
    (place / OUTPUT).write_bytes(b"--- stdout ---\nall bad!\n")
    assert verified(place, any_commit=True).exit_code == 1


def test_a_stray_link_in_a_report_is_seen(tmp_path: Path) -> None:
    place = kept(Shelf(tmp_path), "a")
    (place / "evidence/extra.txt").symlink_to(place / REPORT)
    assert [p.record for p in verified(place, any_commit=True).problems] == ["evidence/extra.txt"]


def test_outside_a_repository_the_commit_is_not_compared(tmp_path: Path) -> None:
    place = kept(Shelf(tmp_path), "a")
    assert verified(place, any_commit=False).head is None


def test_ids_sort_by_time_and_say_the_commit() -> None:
    early = report_id(datetime(2026, 3, 1, 9, 5, 7, 42_000, tzinfo=UTC), made.COMMIT)
    assert early == "20260301T090507042Z-3f2a91c0d5e8"
    assert early < report_id(datetime(2026, 3, 1, 10, tzinfo=UTC), "0" * 40)


def test_a_file_is_replaced_whole_and_a_pipe_is_written_to(tmp_path: Path) -> None:
    store(tmp_path / "deep/a.json", b"one")
    store(tmp_path / "deep/a.json", b"two")
    assert contents(tmp_path / "deep") == {"a.json": b"two"}
    reader, writer = os.pipe()
    store(Path(f"/dev/fd/{writer}"), b"three")
    assert os.read(reader, 9) == b"three"
    shutil.rmtree(tmp_path / "deep")
    os.close(reader)
    os.close(writer)


def test_an_end_is_told_by_a_whole_report_only(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "reports")
    assert shelf.tells_end("thrown-away")
    place = kept(shelf, "a")
    assert shelf.tells_end("a")
    shelf.keep(made.document(id="a", verdict=Verdict.INTERRUPTED))
    assert not shelf.tells_end("a")
    (place / REPORT).write_text("{}")
    assert shelf.tells_end("a")
    (place / REPORT).unlink()
    assert not shelf.tells_end("a")
