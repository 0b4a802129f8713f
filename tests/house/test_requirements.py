import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.tracked import ROOT, files, name

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
EXTERNAL = ("openai", "pinecone", "stripe", "s3", "mail")
ASKED = {
    "service": [*PROJECT["dependencies"], *EXTRAS["service"]],
    "service-external": [
        *PROJECT["dependencies"],
        *EXTRAS["service"],
        *(one for extra in EXTERNAL for one in EXTRAS[extra]),
    ],
    "cli": [
        *PROJECT["dependencies"],
        *(one for extra in ("service", "embedded", "build", "dockerfile") for one in EXTRAS[extra]),
    ],
    "dev": [*PROJECT["dependencies"], *(one for extra in EXTRAS.values() for one in extra)],
}
PLAIN = ROOT / "tests/services/plain"
# Programs that are only started, in an environment apart: their pins need not be ours.
APART = {name: ROOT / f"requirements/{name}.txt" for name in ("tools", "kingfisher")}
LOCKS = [*(ROOT / "requirements").glob("*.txt"), PLAIN / "requirements.txt"]


def pins(text: str) -> dict[str, str]:
    """The version of each package; every one must carry a hash."""
    found: dict[str, str] = {}
    for entry in re.sub(r"\\\n\s*", " ", text).splitlines():
        pinned = re.fullmatch(
            r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)(?: ; .*?)?((?: +--hash=sha256:[0-9a-f]{64})+)", entry
        )
        assert pinned, f"not a pin with hashes: {entry[:80]}"
        found[canonicalize_name(pinned[1])] = pinned[2]
    return found


def unmet(asked: list[str], pinned: dict[str, str]) -> list[str]:
    """What is asked for and not held by the pins."""
    wanted = [Requirement(one) for one in asked]
    return [
        str(one) for one in wanted if not one.specifier.contains(pinned.get(canonicalize_name(one.name), "0"))
    ]


@pytest.mark.parametrize("lock", ASKED)
def test_a_lock_holds_what_the_project_asks_for(lock: str) -> None:
    assert unmet(ASKED[lock], pins((ROOT / f"requirements/{lock}.txt").read_text())) == []


def test_each_package_has_one_version_everywhere() -> None:
    widest = pins((ROOT / "requirements/dev.txt").read_text())
    for path in (path for path in LOCKS if path not in APART.values()):
        assert pins(path.read_text()).items() <= widest.items(), name(path)


@pytest.mark.parametrize("group", APART)
def test_the_tools_are_pinned_and_none_of_them_is_in_another_lock(group: str) -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"][group]
    assert unmet(asked, pins(APART[group].read_text())) == []
    programs = {canonicalize_name(Requirement(one).name) for one in asked}
    assert programs & set(pins((ROOT / "requirements/dev.txt").read_text())) == set()


def test_no_lock_says_where_packages_come_from() -> None:
    for path in [*LOCKS, ROOT / "pyproject.toml"]:
        text = path.read_text()
        assert "://" not in text, name(path)
        assert not re.search(r"^\s*--?(index|extra|find|i\b|f\b|trusted)", text, re.MULTILINE), name(path)


def test_the_second_service_locks_its_driver() -> None:
    asked = tomllib.loads((PLAIN / "pyproject.toml").read_text())["project"]["dependencies"]
    assert unmet(asked, pins((PLAIN / "requirements.txt").read_text())) == []


def test_an_unmet_or_unhashed_pin_is_seen() -> None:
    assert unmet(["rich>=14"], {"rich": "13.0"}) == ["rich>=14"]
    assert unmet(["rich>=14"], {}) == ["rich>=14"]
    with pytest.raises(AssertionError, match="not a pin"):
        pins("rich==15.0.0\n")


def test_no_requirement_is_kept_elsewhere() -> None:
    kept = [name(path) for path in files(".txt") if path.name.startswith("requirements")]
    assert kept == ["tests/services/plain/requirements.txt"]


def test_no_rule_is_ignored_twice() -> None:
    ignored = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]["ignore"]
    assert sorted(set(ignored)) == sorted(ignored)
