"""What a run of probes reads before it does anything: each deploy waits for it several times."""

import json
import subprocess
import sys

import pytest

_LOADED = "import hotelctl.app.smoke.command, sys, json; print(json.dumps(sorted(sys.modules)))"


@pytest.mark.system
def test_carrying_something_over_does_not_read_the_whole_service_first() -> None:
    done = subprocess.run([sys.executable, "-c", _LOADED], capture_output=True, check=True, text=True)
    loaded = set(json.loads(done.stdout))
    assert "hotelctl.app.smoke.carry_over" in loaded
    assert not {"alembic", "fastapi", "starlette", "hotelctl.app.api.application"} & loaded


@pytest.mark.system
@pytest.mark.parametrize(
    ("told", "exit_code", "said"),
    [("", 1, "smoke failed: nobody said that there is something to ask"), ("\n", 78, "DATABASE_URL")],
    ids=["never told", "told"],
)
def test_probes_that_wait_ask_nothing_before_they_are_told(told: str, exit_code: int, said: str) -> None:
    command = [sys.executable, "-m", "hotelctl.app.smoke", "ask", "http://127.0.0.1:1", "--when-told"]
    done = subprocess.run(command, input=told, capture_output=True, check=False, text=True, env={})
    assert done.returncode == exit_code
    assert said in done.stderr
