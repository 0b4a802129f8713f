"""No byte that a command produced holds a secret that a container printed."""

import io
import os
import shlex
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli import test_validate_redacted as redacted
from tests.cli.test_validate import run
from tests.engine import POSTGRES
from tests.services.checkout import add_migration

if TYPE_CHECKING:
    from docker import DockerClient

pytestmark = [pytest.mark.system, pytest.mark.engine]

planted = redacted.project


@pytest.mark.parametrize("form", ["console", "json"])
def test_what_a_container_printed_before_it_ended_holds_none(
    planted: Path, engine: "DockerClient", form: str
) -> None:
    secrets = f"api_token={redacted._NAMED}\n{redacted._PLAIN} {redacted._TOKEN}\n{redacted._KEY}"
    said = f"{secrets}\nFATAL: it cannot begin"
    recipe = io.BytesIO()
    with tarfile.open(fileobj=recipe, mode="w") as sent:
        telling = ("#!/bin/sh", f"printf '%s' {shlex.quote(said)} >&2", "exit 1", "")
        asked = ("Dockerfile", f"FROM {POSTGRES}\nCOPY initdb /usr/local/bin/initdb\n")
        for name, text in (asked, ("initdb", "\n".join(telling))):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(text.encode()), 0o755
            sent.addfile(entry, io.BytesIO(text.encode()))
    recipe.seek(0)
    tag = f"hotelctl-telling:{os.getpid()}"
    engine.images.build(fileobj=recipe, custom_context=True, rm=True, tag=tag)
    try:
        spec = planted / "hotelctl.toml"
        image = f'[migrations]\nshadow_image = "{tag}"\n'
        spec.write_text(spec.read_text().replace("[migrations]\n", image, 1))
        add_migration(planted, "0101_turn.sql", "CREATE EXTENSION IF NOT EXISTS citext;\n")
        before = redacted._files(planted)
        done = run(planted, "validate", "--only", "DB009", "--verbose", "--format", form)
    finally:
        engine.images.remove(tag, force=True)
    assert "it cannot begin" in done.stdout, f"{done.stdout}{done.stderr}"
    assert done.stdout.count("[redacted") >= 3, done.stdout
    assert redacted._leaked(planted, before, done) == set()
