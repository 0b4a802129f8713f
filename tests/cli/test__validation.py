import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hotelctl.checks.catalogue import walk
from hotelctl.cli._validation import Wishes
from hotelctl.core.check import Stage

_ROOT = Path(__file__).parents[2]


def chosen(kind: str, **more: Any) -> set[str]:  # noqa: ANN401 - flags
    wishes = Wishes(None, (), (), (), "high", 1, None, kind, **more)
    return {check.info.id for check in wishes.chosen().chosen}


def test_verify_asks_what_runs_and_outside_services_when_it_is_told_to() -> None:
    without, told = chosen("verify"), chosen("verify", with_external=True)
    assert {name for name in without if name.startswith("EXT")} == set()
    outside = {name for name in chosen("validate") if name.startswith("EXT")}
    assert told - without == outside - {"EXT006", "EXT008"}, "what asks a sandbox asks no release that serves"


@pytest.mark.system
def test_only_the_checks_that_were_asked_for_are_read() -> None:
    """No probe is: who is asked for a fact reads its probe then."""
    program = (
        "import sys\nfrom hotelctl.cli._validation import Wishes\n"
        "Wishes(None, ('OPS001',), (), (), 'high', 1, None).chosen()\n"
        "print(*(name for name in sys.modules if name.startswith(('hotelctl.checks.', 'hotelctl.probes.'))))"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=True, timeout=120)
    probes = {f"hotelctl.probes.{one}" for one in ("context", "index", "registry")}
    checks = {f"hotelctl.checks.{one}" for one in ("rules", "operations", "operations.checkout_is_clean")}
    assert {*done.stdout.split()} == probes | checks


def test_a_deploy_speaks_to_no_service_of_others() -> None:
    outside = {check.info.id: check.info.stage for check in walk() if check.info.section == "services"}
    validated = (Stage.AUDIT, Stage.SANDBOX)
    assert {name for name, stage in outside.items() if stage not in validated} == {"EXT007"}
    (one,) = (check for check in walk() if check.info.id == "EXT007")
    assert [fact.__name__ for fact in one.facts] == ["OutsideServices"], "it reads variables alone"
