from pathlib import Path

import pytest

from benchmarks import validate
from tests.services.checkout import commit_all, git

_ENDS = "#!/bin/sh\necho $0 $* >> {log}\nexit {code}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    place = tmp_path / "project"
    (place / "migrations").mkdir(parents=True)
    (place / "migrations" / "1.sql").write_text("SELECT 1;\n")
    git(place, "init", "-q")
    commit_all(place, "one migration")
    return place


def _programs(tmp_path: Path, code: int) -> tuple[Path, Path]:
    tools, log = tmp_path / "tools", tmp_path / "log"
    tools.mkdir()
    for name in ("betterleaks", "hadolint", "zizmor", "squawk"):
        (tools / name).write_text(_ENDS.format(log=log, code=code if name == "squawk" else 0))
        (tools / name).chmod(0o755)
    return tools, log


@pytest.mark.system
def test_a_program_is_given_what_it_reads_and_counts_only_then(project: Path, tmp_path: Path) -> None:
    tools, log = _programs(tmp_path, 1)
    found = validate.alone(project, tools)
    assert [name for name, one in found.items() if one is None] == ["hadolint", "zizmor"]
    assert log.read_text().splitlines()[-1] == f"{tools}/squawk migrations/1.sql"


@pytest.mark.system
def test_a_program_that_does_not_judge_ends_the_benchmark(project: Path, tmp_path: Path) -> None:
    tools, _ = _programs(tmp_path, 2)
    with pytest.raises(SystemExit, match=r"squawk migrations/1\.sql ended with 2"):
        validate.alone(project, tools)
