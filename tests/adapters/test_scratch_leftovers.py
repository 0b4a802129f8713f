"""What killed commands left behind, and does not end."""

from pathlib import Path
from typing import Any, cast

import pytest

from hotelctl.adapters import scratch
from hotelctl.adapters.embedded import EmbeddedPostgres
from hotelctl.adapters.scratch import Scratch
from hotelctl.core.errors import StepFailed


def test_a_server_that_does_not_end_keeps_its_data_and_fails_no_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(self: EmbeddedPostgres, *, discarded: bool = False) -> None:
        assert discarded
        if "stuck" in str(self.pgdata):
            raise StepFailed("PostgreSQL (pid 1) does not stop")

    monkeypatch.setattr(EmbeddedPostgres, "stop", stop)
    monkeypatch.setattr(scratch, "is_dead", lambda _: True)
    for name in ("a-stuck", "b-quick"):
        (tmp_path / name).mkdir()
    Scratch(cast("Any", None), None, tmp_path).sweep()
    assert [one.name for one in tmp_path.iterdir()] == ["a-stuck"]
