from packaging.utils import canonicalize_name
from packaging.version import Version

from hotelctl.checks.build.materials_are_those_of_the_lock import materials_are_those_of_the_lock as check
from hotelctl.facts.bill_of_materials import BillOfMaterials
from hotelctl.facts.lock import read_lock
from tests.checks import made

_LOCK = read_lock(
    "lock.txt", b"rich==15.0\nodd==1 ; sys_platform == 'win32'\nfree @ https://example.org/f.whl\n"
)


def bill(**components: str) -> BillOfMaterials:
    """What is installed beside the town itself."""
    held = {canonicalize_name(name): Version(version) for name, version in components.items()}
    return BillOfMaterials(
        ("cyclonedx-py",), canonicalize_name("town"), held | {canonicalize_name("town"): Version("1")}
    )


def test_the_same_packages_are_fine_without_those_for_other_machines() -> None:
    assert made.judged(check, bill(rich="15", free="2"), _LOCK) == []


def test_every_difference_is_named() -> None:
    found = made.judged(check, bill(rich="14", smuggled="1"), _LOCK)
    assert [one.message for one in found] == [
        "lock.txt holds free, and the bill of materials does not",
        "the bill of materials holds rich 14, and lock.txt 15.0",
        "the bill of materials holds smuggled 1, and lock.txt does not",
    ]
