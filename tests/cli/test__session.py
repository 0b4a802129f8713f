"""What a session leaves behind of operations that never began."""

from pathlib import Path

import pytest

from hotelctl.adapters.chained import ChainedFile
from hotelctl.cli._session import _report_place
from hotelctl.cli._shelf import Shelf
from hotelctl.core.errors import Diverged
from hotelctl.deploy.layout import Layout


@pytest.mark.parametrize(("journal", "stays"), [("absent", False), ("empty", False), ("begun", True)])
def test_an_operation_that_never_began_leaves_no_report(tmp_path: Path, journal: str, *, stays: bool) -> None:
    layout, shelf = Layout(tmp_path / ".hotelctl" / "local"), Shelf(tmp_path / "reports")

    def refused() -> None:
        with _report_place(shelf, layout, "d1") as place:
            (place / "evidence.jsonl").write_text("{}")
            if journal != "absent":
                ChainedFile(layout.journal("d1"))
            if journal == "begun":
                ChainedFile(layout.journal("d1")).append({"kind": "note"})
            raise Diverged("the edge points nowhere")

    with pytest.raises(Diverged):
        refused()
    assert (shelf.root / "d1" / "evidence.jsonl").exists() is stays
    assert (shelf.root / "d1").exists() is stays
