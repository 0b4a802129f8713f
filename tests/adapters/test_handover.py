import os
import subprocess
import sys

import pytest

from hotelctl.adapters.handover import hand_over
from hotelctl.core.errors import UsageError

_HAND_OVER = (
    "import sys; from hotelctl.adapters.handover import hand_over; print('before', end=' ');"
    "code = 'import os; print(os.getpid(), os.environ[\"MARK\"]); raise SystemExit(5)';"
    "hand_over([sys.executable, '-c', code], {'MARK': 'here'})"
)


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(UsageError, match="cannot run /no/such/program"):
        hand_over(["/no/such/program"], {})


@pytest.mark.system
def test_the_other_program_has_this_process_its_variables_and_its_end() -> None:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    running = subprocess.Popen([sys.executable, "-c", _HAND_OVER], stdout=subprocess.PIPE, text=True, env=env)
    said, _ = running.communicate(timeout=60)
    assert said == f"before {running.pid} here\n"
    assert running.returncode == 5
