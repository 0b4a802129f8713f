"""`verify --with-external` asks by the release that serves; a deploy and plain `verify` ask nobody else."""

import json
from typing import Any

import pytest

from tests.services.checkout import commit_all
from tests.system.site import Ended, Site

pytestmark = pytest.mark.system
_ASKS = """
import json, pathlib, sys
pathlib.Path(%r).open("a").write(sys.prefix + "\\n")
print(json.dumps({"weather": {"state": "ok", "latency_ms": 1.5}}))
"""


def outside(done: Ended) -> dict[str, Any]:
    """The checks of the section by their ids."""
    report = json.loads(done.out)
    sections = [one["checks"] for one in report["sections"] if one["id"] == "services"]
    return {check["id"]: check for checks in sections for check in checks}


def test_the_release_that_serves_is_the_one_that_asks(bare: Site) -> None:
    noted = bare.temporary / "asked"
    file = bare.root / "hotelctl.toml"
    check = ["{venv}/bin/python", "-c", _ASKS % str(noted)]
    file.write_text(file.read_text() + f"\n[external.weather]\ncheck = {json.dumps(check)}\n")
    commit_all(bare.root, "the service asks for the weather")
    bare.deploy().expect(0)
    assert outside(bare.run("verify", "--format", "json").expect(0)) == {}
    assert not noted.exists(), "neither the deploy nor a plain verify spoke to others"

    found = outside(bare.run("verify", "--with-external", "--format", "json"))
    assert (found["EXT003"]["status"], found["EXT005"]["status"]) == ("pass", "pass")
    assert found["EXT001"]["status"] == "not_applicable"
    assert noted.read_text().splitlines() == [str(next((bare.state / "releases").iterdir()) / "venv")]
