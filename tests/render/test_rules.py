import json
from io import StringIO

from rich.console import Console

from hotelctl.render.rules import FORMATS
from tests.render import made

RULES = (made.info("ENV001"), made.info("DB001", "The database answers [bold]now[/bold]"))


def shown(form: str, *, one: bool) -> str:
    out = StringIO()
    FORMATS[form](RULES[:1] if one else RULES, Console(file=out, width=80, markup=False), one)
    return out.getvalue()


def test_one_rule_says_what_why_and_how_to_mend() -> None:
    text = shown("console", one=True)
    for words in (
        "ENV001",
        "Environment, critical",
        RULES[0].rationale[:40],
        RULES[0].remediation,
        RULES[0].references[0],
    ):
        assert words in text


def test_the_list_has_a_line_for_each_rule_below_its_section() -> None:
    lines = shown("console", one=False).splitlines()
    assert lines[0].startswith("Environment")
    assert lines[1].split()[:2] == ["ENV001", "critical"]
    assert any("[bold]now[/bold]" in line for line in lines)


def test_json_is_one_object_or_an_array() -> None:
    assert json.loads(shown("json", one=True))["id"] == "ENV001"
    assert [rule["section"] for rule in json.loads(shown("json", one=False))] == ["environment", "schema"]
