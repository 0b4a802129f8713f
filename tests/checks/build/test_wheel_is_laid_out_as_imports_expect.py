from pathlib import Path

from hotelctl.checks.build.wheel_is_laid_out_as_imports_expect import (
    wheel_is_laid_out_as_imports_expect as check,
)
from hotelctl.core.finding import Severity
from hotelctl.facts.wheel_contents import ContentsRemark, WheelContents, without_strays
from tests.checks import made
from tests.checks.build import projects


def contents(*remarks: ContentsRemark) -> WheelContents:
    """What the program says of the town's wheel."""
    return WheelContents("town.whl", ("check-wheel-contents", "town.whl"), remarks)


def test_a_wheel_on_which_it_has_no_remark_is_fine() -> None:
    assert made.judged(check, contents()) == []


def test_each_remark_keeps_its_id_and_names_members() -> None:
    said = (
        ContentsRemark("W004", "Module is not located at importable path", ("town/01.py",)),
        ContentsRemark("W007", "Wheel library is empty", ()),
        ContentsRemark("W002", "Wheel contains duplicate files", ("town/a.py", "town/b.py")),
    )
    found = made.judged(check, contents(*said))
    assert [one.message for one in found] == [
        "town.whl: W004: Module is not located at importable path: town/01.py",
        "town.whl: W007: Wheel library is empty",
        "town.whl: W002: Wheel contains duplicate files: town/a.py, town/b.py",
    ]
    assert [one.severity for one in found] == [None, Severity.HIGH, Severity.LOW]


def test_what_the_other_rule_finds_is_not_named_twice(tmp_path: Path) -> None:
    data = projects.wheel_bytes(tmp_path)
    for name in ("tests/__init__.py", "town/a.pyc", "scripts/run.py"):
        data = projects.added(data, name)
    said = (
        ContentsRemark("W001", "Wheel contains .pyc/.pyo files", ("town/a.pyc",)),
        ContentsRemark("W005", "Wheel contains common toplevel name in library", ("scripts/", "tests/")),
        ContentsRemark("W009", "Wheel contains multiple toplevel library entries", ("tests/", "town/")),
    )
    (finding,) = made.judged(check, contents(*without_strays(said, projects.opened(data))))
    assert finding.message.endswith("W005: Wheel contains common toplevel name in library: scripts/")
