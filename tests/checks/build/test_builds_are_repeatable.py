from hashlib import sha256
from pathlib import Path

from hotelctl.checks.build.builds_are_repeatable import builds_are_repeatable as check
from hotelctl.facts.rebuild import Rebuild, differing
from tests.checks import made
from tests.checks.build import projects
from tests.checks.build.projects import PACKAGE

_HOOK = "\n[tool.hatch.build.hooks.custom]\n"
_LEAKING = {
    **PACKAGE,
    "town/where.txt": "",
    "hatch_build.py": "from pathlib import Path\n"
    "from hatchling.builders.hooks.plugin.interface import BuildHookInterface\n\n\n"
    "class Hook(BuildHookInterface):\n"
    "    def initialize(self, version, build_data):\n"
    "        Path(self.root, 'town/where.txt').write_text(self.root)\n",
}


def twice(place: Path, files: dict[str, str], settings: str = "") -> Rebuild:
    """Two builds of these files by a real backend, in two directories."""
    first, second = (projects.wheel_bytes(place / name, files, settings) for name in ("here", "there"))
    where = differing(projects.opened(first).digests, projects.opened(second).digests)
    digests = [sha256(data).hexdigest() for data in (first, second)]
    return Rebuild(("build",), "town.whl", digests[0], digests[1], where)


def test_two_builds_that_are_the_same_are_fine(tmp_path: Path) -> None:
    assert made.judged(check, twice(tmp_path, PACKAGE)) == []


def test_a_build_that_writes_down_where_it_ran_is_found(tmp_path: Path) -> None:
    (finding,) = made.judged(check, twice(tmp_path, _LEAKING, _HOOK))
    assert "town/where.txt" in finding.message


def test_only_another_order_is_found_too() -> None:
    (finding,) = made.judged(check, Rebuild(("build",), "town.whl", "a" * 64, "b" * 64))
    assert "order" in finding.message
