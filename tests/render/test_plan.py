import json
from io import StringIO

from rich.console import Console

from hotelctl.render.plan import FORMATS, Plan, PlannedStep
from tests.render import made

PLAN = Plan(
    "plain",
    "staging",
    made.COMMIT,
    None,
    None,
    (
        PlannedStep(1, "lock", "Take the lock", ("take it",)),
        PlannedStep(10, "finish", "Finish", ("tag", "[bold]" + "long " * 40)),
    ),
    "0123456789abcdef",
    {"service.name": "hotelctl.toml:3"},
)


def shown(plan: Plan, form: str) -> str:
    out = StringIO()
    FORMATS[form](plan, Console(file=out, width=80, markup=False, no_color=True))
    return out.getvalue()


def test_the_text_names_what_is_planned_and_how_to_hold_a_deploy_to_it() -> None:
    lines = shown(PLAN, "console").splitlines()
    assert lines[:4] == [
        "plain to staging: commit 3f2a91c0d5e8",
        "serving nothing, database at no revision",
        "  1  Take the lock",
        "     take it",
    ]
    assert lines[4:6] == [" 10  Finish", "     tag"]
    assert lines[-1] == "hotelctl deploy --plan 0123456789abcdef does this and nothing else"


def test_a_command_can_be_copied_whole() -> None:
    long = next(line for line in shown(PLAN, "console").splitlines() if "[bold]" in line)
    assert long.count("long") == 40


def test_json_is_one_object_with_the_place_of_each_value() -> None:
    raw = json.loads(shown(PLAN, "json"))
    assert raw["hash"] == "0123456789abcdef"
    assert [step["name"] for step in raw["steps"]] == ["lock", "finish"]
    assert raw["sources"] == {"service.name": "hotelctl.toml:3"}
    assert (raw["serving"], raw["revision"]) == (None, None)
