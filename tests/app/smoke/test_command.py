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
