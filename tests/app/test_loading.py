"""Modules are read without collections in between, and whatever happens garbage is collected afterwards."""

import gc
import subprocess
import sys

import pytest

from hotelctl.app.loading import loading

_SERVED = """
import gc
passes = []
gc.callbacks.append(lambda phase, info: passes.append(phase))
import runpy, sys
sys.argv = ["hotelctl.app", "--help"]
try:
    runpy.run_module("hotelctl.app", run_name="__main__")
except SystemExit:
    print("fastapi" in sys.modules, len(passes), gc.isenabled(), gc.get_freeze_count() > 100_000)
"""


def test_nothing_is_collected_inside_and_again_afterwards() -> None:
    with loading():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_module_that_cannot_be_read_leaves_collections_on() -> None:
    with pytest.raises(ImportError, match="no reason"), loading():
        raise ImportError("no reason")
    assert gc.isenabled()


@pytest.mark.system
def test_the_service_loads_without_a_collection() -> None:
    done = subprocess.run([sys.executable, "-c", _SERVED], capture_output=True, check=True, text=True)
    loaded, passes, enabled, frozen = done.stdout.splitlines()[-1].split()
    assert (loaded, enabled, frozen) == ("True", "True", "True")
    assert int(passes) < 30, "each collection walks over all that is loaded by then"
