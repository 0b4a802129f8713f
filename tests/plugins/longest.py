"""Begins with the files that take longest, so that at the end of a run no process works alone for minutes.

`--dist=loadfile` hands out whole files, as a rule those with most tests first, which says little: one test of
a kill at each record takes longer than a hundred of a parser. `--no-loadscope-reorder` leaves the order to
this module. All files that are not named here take less than a minute, and keep their order.
"""

from pathlib import Path

import pytest

# By the seconds that `pytest --durations=0` told of all tests of a file, the longest first.
LONGEST = (
    "tests/system/test_kill_matrix.py",
    "tests/app_system/test_pages_in_browser.py",
    "tests/app_system/test_every_page.py",
    "tests/system/test_interrupts.py",
    "tests/app_system/test_openapi_fuzz.py",
    "tests/system/test_damaged_backup.py",
    "tests/system/test_bad_input_build.py",
    "tests/app_system/test_live_pages.py",
    "tests/app_system/test_smoke.py",
    "tests/system/test_own_service.py",
    "tests/system/test_deploy_and_rollback.py",
    "tests/system/test_docker_elsewhere.py",
    "tests/system/test_bad_input_state.py",
    "tests/system/test_bad_input_release.py",
    "tests/system/test_rehearse.py",
    "tests/app_system/test_sandbox.py",
    "tests/system/test_docker_engine_lost.py",
    "tests/system/test_turning.py",
    "tests/system/test_bad_input_database.py",
    "tests/cli/test_validate_secrets.py",
    "tests/system/test_at_once.py",
    "tests/system/test_kill_long_actions.py",
    "tests/cli/test_validate.py",
    "tests/system/test_backup_restore.py",
    "tests/system/test_bad_input.py",
    "tests/system/test_spoilt_pointer.py",
    "tests/deploy/targets/test_switch_under_load.py",
    "tests/deploy/targets/test_docker_elsewhere.py",
    "tests/system/test_faults.py",
    "tests/system/test_sandbox.py",
    "tests/system/test_kept_results.py",
    "tests/deploy/targets/test_docker_elsewhere_contract.py",
)
_PLACES = {name: place for place, name in enumerate(LONGEST)}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of one file stay together, in their order."""
    items.sort(key=lambda item: _place(item.path, config.rootpath))


def _place(path: Path, root: Path) -> int:
    return _PLACES.get(path.relative_to(root).as_posix() if path.is_relative_to(root) else "", len(LONGEST))
