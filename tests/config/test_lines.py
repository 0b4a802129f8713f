import pytest

from hotelctl.config.lines import line_of

TEXT = """\
schema = "x"

[service]
name = "n"

[run]
command = [
    "title",
]
prepare = [["a"],
  ["b"]]
[run.env]
KEY = "v"

[[smoke.workflow]]
name = "first"
[[smoke.workflow.step]]
request = "GET /"
[[smoke.workflow.step]]
request = "GET /2"
[[smoke.workflow]]
name = "second"
[[smoke.workflow.step]]
status = 1

[environments.local]
watch = { window_s = 1 }
[tool.hotelctl.retention]
releases = 2
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("schema", 1),
        ("service", 3),
        ("service.name", 4),
        ("run.command", 7),
        ("run.command.0", 7),
        ("run.prepare.1", 10),
        ("run.env.KEY", 13),
        ("smoke.workflow.0.step.1.request", 20),
        ("smoke.workflow.1.name", 22),
        ("smoke.workflow.1.step.0.status", 24),
        ("environments.local.watch.window_s", 27),
        ("retention.releases", 29),
    ],
)
def test_a_key_is_found_where_it_is_written(path: str, line: int) -> None:
    assert line_of(TEXT, path.split(".")) == line


def test_a_missing_key_is_told_by_its_table_or_not_at_all() -> None:
    assert line_of(TEXT, ["service", "title"]) == 3
    assert line_of(TEXT, ["environments"]) == 26
    assert line_of(TEXT, ["health", "live"]) is None
    assert line_of(TEXT, []) is None


def test_a_key_of_another_table_is_never_meant() -> None:
    assert line_of("[a]\nx = 1\n[b]\ny = 1\n", ["a", "y"]) == 1
