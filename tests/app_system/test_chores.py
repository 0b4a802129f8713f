"""Chores as processes of their own."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.system


def test_what_a_deploy_waits_for_loads_no_library_of_the_other_chores(tmp_path: Path) -> None:
    code = (
        "import sys; from hotelctl.app import chores; assert chores.main(['keyring', 'init']) == 0;"
        " sys.exit(bool({'alembic', 'fastapi', 'sqlalchemy', 'structlog'} & set(sys.modules)))"
    )
    env = {"HOTEL_KEYRING": str(tmp_path / "ring")}
    assert subprocess.run([sys.executable, "-c", code], env=env, check=False).returncode == 0
