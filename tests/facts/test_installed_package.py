"""Installed files against the list inside the wheel: what is damage, and what every installation has."""

from pathlib import Path

import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.facts.installed_package import InstalledPackage, installed_package, wheel_list
from tests.fakes.files import FakeFiles
from tests.fakes.wheels import SITE, install, record_of, wheel

VENV = Path("/releases/r1/venv")
WHEEL = Path("/releases/r1/artifact/thing-1.whl")
FILES = {"thing/__init__.py": "", "thing/sub/a.py": "a = 1\n", "thing/data/page.html": "<p>", "alone.py": "x"}


class Place:
    """One release's wheel, installed."""

    def __init__(self, data: bytes | None = None, name: str = WHEEL.name) -> None:
        self.files = FakeFiles()
        self.artifact = WHEEL.with_name(name)
        self.files.write_durable(self.artifact, data or wheel(FILES))
        self.site = install(self.files, data or wheel(FILES), VENV)

    def put(self, name: str, text: str) -> None:
        self.files.write_durable(self.site / name, text.encode())

    def look(self) -> InstalledPackage:
        return installed_package(self.files, self.artifact, VENV)

    def words(self) -> list[str]:
        return [words for _path, words in self.look().damage()]


def test_an_untouched_installation_has_no_damage_and_says_how_much_was_held_against_the_list() -> None:
    place = Place()
    assert place.look() == InstalledPackage(str(VENV / SITE), listed=5)
    assert place.words() == []


def test_edited_missing_and_foreign_files_are_named() -> None:
    place = Place()
    place.put("thing/sub/a.py", "a = 2\n")
    place.files.remove(place.site / "alone.py")
    place.put("thing/sub/evil.py", "boom")
    assert list(place.look().damage()) == [
        (f"{place.site}/thing/sub/a.py", "thing/sub/a.py is not what was built"),
        (f"{place.site}/alone.py", "alone.py is gone"),
        (f"{place.site}/thing/sub/evil.py", "thing/sub/evil.py is foreign: not in the artifact"),
    ]


def test_of_many_the_first_three_are_named_and_the_rest_counted() -> None:
    place = Place()
    for name in "abcde":
        place.put(f"thing/new_{name}.py", "")
    assert place.words() == [
        "thing/new_a.py, thing/new_b.py, thing/new_c.py and 2 more are foreign: not in the artifact"
    ]


@pytest.mark.parametrize(
    "name",
    [
        "thing/__pycache__/__init__.cpython-311.pyc",
        "thing/sub/__pycache__/a.cpython-311.pyc.140",
        "thing-1.dist-info/direct_url.json",
        "thing-1.dist-info/REQUESTED",
        "other/__init__.py",
        "other.pth",
    ],
)
def test_what_every_installation_has_is_no_damage(name: str) -> None:
    place = Place()
    place.put(name, "...")
    assert place.words() == []


@pytest.mark.parametrize("name", ["thing/sub/a.pyc", "thing/new/b.py", "thing/data/c.html"])
def test_anything_else_inside_the_package_is_foreign(name: str) -> None:
    place = Place()
    place.put(name, "...")
    assert place.look().foreign == (name,)


def test_the_installed_list_is_not_believed() -> None:
    place = Place()
    place.put("thing/sub/a.py", "a = 2\n")
    place.put("thing-1.dist-info/RECORD", record_of({**FILES, "thing/sub/a.py": "a = 2\n"}))
    assert place.look().changed == ("thing/sub/a.py",)


def test_metadata_belongs_to_what_was_built() -> None:
    place = Place()
    place.put("thing-1.dist-info/METADATA", "Name: other\n")
    assert place.look().changed == ("thing-1.dist-info/METADATA",)


def test_a_namespace_is_shared_with_other_distributions() -> None:
    place = Place(wheel({"space/ours/__init__.py": "", "space/loose.py": ""}))
    place.put("space/theirs/__init__.py", "")
    place.put("space/theirs.py", "")
    place.put("space/ours/evil.py", "")
    assert place.look().foreign == ("space/ours/evil.py",)


@pytest.mark.parametrize("gone", ["", "bin/python", SITE])
def test_an_environment_without_interpreter_or_packages_is_gone(gone: str) -> None:
    place = Place()
    place.files.remove(VENV / gone)
    assert place.look() == InstalledPackage(str(VENV), None, gone=True)
    assert place.words() == ["its virtual environment is gone"]


def test_what_is_no_wheel_lists_nothing() -> None:
    place = Place(name="thing-1.tar.gz")
    place.put("thing/evil.py", "")
    assert place.look() == InstalledPackage(str(VENV / SITE), None)


def test_what_record_says_counts_and_where_it_says_nothing_the_member_itself() -> None:
    said = f"a.py,,\n\nb.py,sha512=abc,1\nc.py,sha256={'ERER' * 10}ERE,1\nthing-1.dist-info/RECORD,,\n"
    digests = wheel_list(wheel({"a.py": "a", "b.py": "b", "c.py": "c"}, record=said)).digests
    assert digests == {
        "a.py": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb",
        "b.py": "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d",
        "c.py": "11" * 32,
    }


def test_what_pip_installs_without_being_listed_is_not_foreign() -> None:
    data = wheel(
        {"thing/__init__.py": "", "thing/unlisted.py": ""}, record=record_of({"thing/__init__.py": ""})
    )
    assert Place(data).words() == []


def test_the_parts_of_a_data_directory_land_where_the_installer_puts_them() -> None:
    parts = {
        "thing-1.data/purelib/pure.py": "",
        "thing-1.data/platlib/plat.so": "",
        "thing-1.data/scripts/run": "#!python\n",
        "thing-1.data/data/etc/thing.conf": "",
    }
    listed = wheel_list(wheel(parts))
    assert listed.digests.keys() == {"pure.py", "plat.so", "thing-1.dist-info/METADATA"}
    assert {"pure.py", "plat.so"} <= listed.members
    assert listed.tops == ("plat.so", "pure.py", "thing-1.dist-info")


@pytest.mark.parametrize(
    "data",
    [
        b"no archive",
        wheel({}, info="thing-1.notes"),
        wheel({"a.py": ""}, record="a.py,sha256=A,1\n"),
        wheel({}, record="absent.py,,\n"),
        wheel({}, record="only-a-name\n"),
    ],
)
def test_a_wheel_whose_list_cannot_be_read_is_not_judged(data: bytes) -> None:
    with pytest.raises(Unavailable, match="the list of files in the artifact cannot be read"):
        wheel_list(data)
