from hotelctl.checks.build.imports_are_declared import imports_are_declared as check
from hotelctl.facts.declared_imports import DeclaredImports, UndeclaredImport
from tests.checks import made


def imports(*found: UndeclaredImport) -> DeclaredImports:
    """What deptry says of the town."""
    return DeclaredImports("town", ("deptry", "town"), int(bool(found)), found, {"yaml": "pyyaml"})


def test_no_finding_of_deptry_is_fine() -> None:
    assert made.judged(check, imports()) == []


def test_a_module_is_one_finding_however_often_it_is_imported() -> None:
    found = made.judged(
        check,
        imports(
            UndeclaredImport("yaml", "town/a.py", 3),
            UndeclaredImport("yaml", "town/b.py", 1),
            UndeclaredImport("odd", "town/b.py", 2),
        ),
    )
    assert [one.message for one in found] == [
        "town/a.py:3 (and 1 more): imports yaml, which comes along as pyyaml and town does not require",
        "town/b.py:2: imports odd, which no installed package has and town does not require",
    ]
    assert (str(found[0].location), found[0].fix) == ("town/a.py:3", "add pyyaml to the dependencies of town")
