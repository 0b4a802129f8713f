import json
import time
from pathlib import Path

import pytest

from hotelctl.adapters.load.run import Load
from tests.load import misbehaving as act
from tests.load.background import under_load
from tests.load.client import main
from tests.load.misbehaving import Misbehaving

system = pytest.mark.system


@system
def test_beside_a_test_it_runs_until_the_block_ends() -> None:
    with Misbehaving(act.whole).serving() as server, under_load(Load(server.url, rate=50)) as beside:
        until = time.monotonic() + 60
        while server.requests <= 10 and time.monotonic() < until:
            time.sleep(0.05)
    assert beside.summary["ok"] == beside.summary["sent"] > 10
    assert beside.summary["failed"] == 0


@system
def test_the_command_prints_one_object_and_tells_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Misbehaving(act.bad_gateway).serving() as server:
        code = main([server.url, "--rate", "20", "--connections", "1", "--seconds", "0.2"])
        stop = tmp_path / "stop"
        stop.touch()
        nothing = main([server.url, "--until-file", str(stop)])
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (code, nothing) == (1, 0)
    assert first["errors"] == {"status_502": first["sent"]}
    assert {"ok", "failed", "p50_ms", "p95_ms", "p99_ms", "max_ms", "achieved_rate"} <= set(first)
    assert (second["sent"], second["p50_ms"]) == (0, None)
