from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from hotelctl.core.report import LockTimeline, Status
from hotelctl.render.console import Detail, render
from hotelctl.render.lock_part import TITLE
from tests.render import made
from tests.render.test_console import ANSI


def shown(
    timeline: LockTimeline = made.LOCKS,
    width: int = 80,
    detail: Detail = Detail.NORMAL,
    *,
    terminal: bool = False,
    no_color: bool = False,
) -> list[str]:
    """The lines from the title of the timeline on."""
    console = Console(
        file=StringIO(),
        width=width,
        force_terminal=terminal,
        no_color=no_color,
        color_system="truecolor" if terminal else None,
        markup=False,
        emoji=False,
        highlight=False,
    )
    render(made.document(lock_timeline=timeline), console, detail)
    assert isinstance(console.file, StringIO)
    lines = ANSI.sub("", console.file.getvalue()).splitlines()
    begin = next((n for n, line in enumerate(lines) if line.startswith(TITLE)), len(lines))
    return lines[begin:]


def row(lines: list[str], name: str) -> str:
    return next(line for line in lines if line.startswith(f"    {name} "))


def test_bars_stand_below_the_statements_that_hold_the_locks() -> None:
    lines = shown()
    assert lines[0] == f"{TITLE}: 4 statements in 10.0 ms"
    ruler, bars = lines[1], row(lines, "public.notes")
    second, fourth = ruler.index("|2"), ruler.index("|4")
    assert set(bars[ruler.index("|1") : second]) == {"="}
    assert set(bars[second:fourth]) == {"#"}
    assert bars[fourth:] == "." + "#" * (79 - fourth), "in between it was let go of"
    assert lines[3].split() == ["0", "ms", "10.0", "ms"]
    assert lines[4].split("  ") == [*[""] * 9, "= writes wait", " # reads and writes wait"]


@pytest.mark.parametrize("width", [80, 120])
def test_it_is_as_wide_as_the_terminal(width: int) -> None:
    for timeline in (made.LOCKS, made.locks_of(60)):
        lines = shown(timeline, width)
        assert max(map(len, lines)) <= width
        assert max(map(len, lines[:4])) == width


def test_blocks_are_for_terminals_with_colours_alone() -> None:
    assert {"▒", "█", "·"} <= set("".join(shown(terminal=True)))
    plain = shown()[: len(shown(terminal=True))]
    assert "".join(plain[:10]).isascii()
    assert shown(terminal=True, no_color=True)[:10] == plain[:10]


def test_of_many_tables_and_statements_twelve_are_shown() -> None:
    lines = shown(made.locks_of(14))
    assert len([line for line in lines if line.startswith("    public.t")]) == 12
    assert any(line.endswith("and 2 more tables in report.json") for line in lines)
    assert len([line for line in lines if "ALTER TABLE t" in line]) == 12
    assert "    and 2 more in the report" in lines


def test_a_statement_stands_with_its_time_and_line_below_its_file() -> None:
    lines = shown()
    begin = lines.index("    migrations/3.sql")
    assert lines[begin + 1 : begin + 5] == [
        "    1  1.0 ms  line 2  CREATE INDEX by_text ON notes (text)",
        "    2  0.5 ms  line 4  ALTER TABLE notes ADD stamp date",
        "    3  8.0 ms  line 6  UPDATE notes SET stamp = now()",
        "    4  0.5 ms          ALTER TABLE notes DROP text",
    ]


def test_long_names_keep_their_ends() -> None:
    bars = tuple(replace(bar, table="public." + "long_" * 9 + "name") for bar in made.LOCKS.bars)
    (name,) = (
        line.split()[0] for line in shown(replace(made.LOCKS, bars=bars)) if line.startswith("    ...")
    )
    assert len(name) == 28
    assert name.endswith("_long_name")


def test_what_carries_over_and_why_the_run_stopped_is_told() -> None:
    text = " ".join(" ".join(shown(replace(made.LOCKS, stopped="no relation b"))).split())
    assert "the order and the overlap, not the length" in text
    assert "was not watched: no relation b" in text


def test_what_an_earlier_command_had_says_so() -> None:
    text = " ".join(" ".join(shown(made.KEPT_LOCKS)).split())
    assert f"It stands on an answer of {made.KEPT_SINCE}; nothing" in text
    assert "It stands on" not in " ".join(shown())


def test_whoever_wants_quiet_gets_none_and_all_others_do() -> None:
    assert shown(detail=Detail.QUIET) == []
    assert shown(detail=Detail.VERBOSE)[:10] == shown()[:10]


def test_it_stands_below_a_section_that_passed() -> None:
    passed = {"DB006": made.Outcome(Status.PASSED)}
    console = Console(file=StringIO(), width=80)
    render(made.document(passed, lock_timeline=made.LOCKS), console)
    assert isinstance(console.file, StringIO)
    text = console.file.getvalue()
    assert text.index("\nDatabase schema\n") < text.index(TITLE)
