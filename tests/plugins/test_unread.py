import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tracked import ROOT, files
from tests.plugins.unread import may_want

UNIT = "not database and not system"
QUICK = "quick or not (database or system)"
DATABASE = (
    "import pytest\n\npytestmark = [pytest.mark.database, pytest.mark.anyio]\n\n\ndef test_a() -> None: ...\n"
)
QUICK_ONE = DATABASE.replace("\n\n\n", "\n\n\n@pytest.mark.quick\n")
PLAIN = "import pytest\n\n\ndef test_a() -> None: ...\n"


@pytest.mark.parametrize(
    ("wanted", "text", "read"),
    [
        (UNIT, DATABASE, False),
        (UNIT, QUICK_ONE, False),
        (UNIT, PLAIN, True),
        (QUICK, DATABASE, False),
        (QUICK, QUICK_ONE, True),
        ("database and not system", DATABASE, True),
        ("system", DATABASE, True),
        ("system", PLAIN, True),
        (UNIT, DATABASE.replace("[pytest.mark.database, pytest.mark.anyio]", "pytest.mark.system"), False),
        (UNIT, DATABASE.replace("database, ", "anyio,\n    "), True),
        (
            UNIT,
            DATABASE.replace("database, pytest.mark.anyio]", "database,\n    pytest.mark.anyio,\n]"),
            False,
        ),
        (UNIT, f'_OF_ANOTHER = """\n{DATABASE}"""\n', True),
    ],
)
def test_a_file_is_read_when_a_test_of_it_may_be_wanted(wanted: str, text: str, *, read: bool) -> None:
    assert may_want(wanted, text) is read


def test_the_mark_quick_is_written_where_it_is_used() -> None:
    """A file that gave it on under another name would be passed over."""
    others = [path for path in files(".py") if not path.name.startswith("test_")]
    assert [path for path in others if "mark.quick" in path.read_text("utf-8")] == []


@pytest.mark.system
def test_a_run_leaves_out_what_it_does_not_want_and_reads_what_is_named(tmp_path: Path) -> None:
    (tmp_path / "test_rows.py").write_text(DATABASE)
    (tmp_path / "test_plain.py").write_text(PLAIN)
    assert "1 passed" in _run(tmp_path)
    assert "1 deselected" in _run(tmp_path, "test_rows.py")


def _run(where: Path, *named: str) -> str:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.plugins.unread", "-m", UNIT, *named]
    return subprocess.run(
        command,
        cwd=where,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        text=True,
    ).stdout
