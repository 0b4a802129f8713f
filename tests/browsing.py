"""The machine's own Chromium, for tests that look at pages as people have them."""

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_PATIENCE_MS = 60_000
_CHROMIUM = shutil.which("chromium")
# A camera that shows a test picture, and a person who lets pages use it.
_CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Without a window."""
    if _CHROMIUM is None:
        assert not os.environ.get("CI"), "chromium is missing: .ci/programs installs it"
        pytest.skip("chromium is not installed")
    from playwright.sync_api import expect, sync_playwright  # noqa: PLC0415 - most tests beside need no browser

    expect.set_options(timeout=_PATIENCE_MS)
    with sync_playwright() as driver:
        # Root, as CI is, has no sandbox.
        launched = driver.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox", *_CAMERA])
        yield launched
        launched.close()


def faults(page: "Page") -> list[str]:
    """What axe-core has to say against the page."""
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped] # noqa: PLC0415 - it reads a megabyte of script

    found = Axe().run(page).response["violations"]
    return [f"{one['id']} ({one['impact']}): {one['nodes'][0]['html']}" for one in found]
