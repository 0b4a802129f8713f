"""A deploy that needs sign-offs, through the command itself."""

from pathlib import Path

import pytest

from hotelctl.cli._shelf import Shelf
from tests.cli.test__shelf import kept
from tests.render import made
from tests.services.checkout import commit_all, git
from tests.services.ssh_keys import made_key, signer_line
from tests.system.site import Site

pytestmark = pytest.mark.system

BELA = "bela@example.org"
NEEDS = """
[environments.local.approvals]
needed = 1
"""


def test_a_deploy_waits_for_a_person_apart_from_the_author(bare: Site, tmp_path: Path) -> None:
    key = made_key(tmp_path)
    (bare.root / "allowed_signers").write_text(signer_line(BELA, key))
    with (bare.root / "hotelctl.toml").open("a") as file:
        file.write(NEEDS)
    commit_all(bare.root, "Somebody else has to look")
    head = git(bare.root, "rev-parse", "HEAD")
    about = {**made.GIT, "commit": head}
    directory = kept(Shelf(bare.root / "reports"), "a", git=about, outcomes=made.NOTHING_BLOCKS)

    refused = bare.deploy().expect(10)
    assert "OPS009" in refused.out
    assert "is signed off by 0 of 1 people" in " ".join(refused.out.split())

    words = ("report", "approve", directory.name, "--by", BELA, "--role", "operations", "--key", str(key))
    bare.run(*words).expect(0)
    bare.run("report", "verify", directory.name).expect(0)
    bare.deploy().expect(0)
