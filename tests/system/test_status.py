"""What `hotelctl status` says of an environment that lost its edge, was stopped, or was copied."""

import os
import shutil
import signal
import subprocess
import sys

import psutil
import pytest

from hotelctl.deploy.targets import supervision
from tests.free_port import free_port
from tests.system.site import LIMIT_S, Site

pytestmark = pytest.mark.system


def kill_around(site: Site) -> None:
    """The supervisor first: it would start the edge again."""
    seen = supervision.observed(site.places, "edge")
    assert seen is not None
    for program in psutil.process_iter(["cmdline"]):
        if str(site.places.supervisor) in (program.info["cmdline"] or ()):
            os.kill(program.pid, signal.SIGKILL)
    assert supervision.wait_until(lambda: not supervision.is_running(site.places), 60)
    os.kill(seen.pid, signal.SIGKILL)
    assert supervision.wait_until(lambda: not seen.alive, 60)


def test_a_release_that_asks_no_outside_services_is_not_verified_with_them(bare: Site) -> None:
    bare.deploy().expect(0)
    told = bare.run("verify", "--with-external").expect(3)
    assert "has no program that asks outside services" in " ".join(told.out.split())


def test_status_tells_what_clients_get_and_a_copy_knows_nothing_of_the_original(bare: Site) -> None:
    bare.deploy().expect(0)
    well = bare.facts("status")
    assert (well["reachable"], well["supervisor"], "way out" in well) == (True, "runs", False)

    root = bare.root.with_name("copy")
    shutil.copytree(bare.root, root, symlinks=True, ignore=shutil.ignore_patterns("*.sock", ".s.*"))
    copy = Site(root, bare.port, bare.temporary)
    seen = copy.facts("status")
    assert (seen["ready"], seen["reachable"], seen["supervisor"]) == (False, False, "does not run")
    argv = [sys.executable, "-m", "hotelctl.cli._stop", "--state", str(copy.state)]
    said = subprocess.run(argv, check=True, timeout=LIMIT_S, capture_output=True, text=True).stdout
    assert said == "nothing runs\n"
    port = free_port(bare.port)
    refused = copy.deploy("--port", str(port)).expect(10)
    assert "was copied from" in refused.err
    assert "remove the copied .hotelctl" in " ".join(refused.err.split())
    assert bare.answers()["commit"] == well["commit"]

    kill_around(bare)
    cut_off = bare.facts("status")
    assert (cut_off["process"], cut_off["ready"], cut_off["reachable"]) == ("runs", True, False)
    assert cut_off["unreachable"] == f"nothing listens on port {bare.port}"
    assert (cut_off["supervisor"], cut_off["way out"][:15]) == ("does not run", "hotelctl deploy")

    bare.stop()
    stopped = bare.facts("status")
    assert stopped["serving"].endswith(" is stopped")
    assert stopped["way out"] == "hotelctl deploy puts it into service again"
    shown = bare.run("status").expect(0).out
    assert "is stopped" in " ".join(shown.split())
