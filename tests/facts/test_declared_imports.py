import json
import tomllib
from typing import Any

import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.facts.declared_imports import UndeclaredImport, command, findings, settings
from hotelctl.facts.package_metadata import PackageMetadata

_ITEM: dict[str, Any] = {
    "error": {"code": "DEP003", "message": "'click' imported but it is a transitive dependency"},
    "module": "click",
    "location": {"file": "town/a.py", "line": 3, "column": 8},
}


def test_the_packages_that_are_installed_elsewhere_are_told_by_their_import_names() -> None:
    argv = command(("town",), "/s.toml", "/a.json", {"psycopg": ("psycopg",), "pyyaml": ("yaml", "_yaml")})
    assert argv[0] == "town"
    assert argv[argv.index("--package-module-name-map") + 1] == "psycopg=psycopg,pyyaml=yaml|_yaml"
    assert argv[argv.index("--known-first-party") + 1] == "town"
    assert "--package-module-name-map" not in command(("town",), "/s.toml", "/a.json", {})


def test_what_the_wheel_requires_is_what_was_declared() -> None:
    requires = ("rich>=14", "tomli>=2 ; python_version < '3.11'", 'stripe[async]>=16; extra == "post"')
    told = tomllib.loads(settings(PackageMetadata("town", "1", requires)))
    assert told["project"]["dependencies"] == ["rich>=14", "tomli>=2"]
    assert told["project"]["optional-dependencies"] == {"all": ["stripe[async]>=16"]}


def test_its_findings_have_module_and_place() -> None:
    assert findings("[]", 0) == ()
    assert findings(json.dumps([_ITEM]), 1) == (UndeclaredImport("click", "town/a.py", 3),)


@pytest.mark.parametrize(
    ("answer", "code", "why"),
    [
        ("", 0, "said nothing"),
        ("Success!", 0, "not the JSON"),
        (json.dumps([_ITEM]), 0, "ended with 0 and named 1"),
        ("[]", 1, "ended with 1 and named 0"),
        ('[{"module": "x"}]', 1, "not the JSON"),
        ('["x"]', 1, "not the JSON"),
    ],
)
def test_everything_else_is_no_verdict(answer: str, code: int, why: str) -> None:
    with pytest.raises(Unavailable, match=why):
        findings(answer, code)
