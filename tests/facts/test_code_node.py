import pytest

from hotelctl.facts.code_node import scan_node


def found(text: str) -> list[tuple[str, int]]:
    return [(read.names[0], read.line) for read in scan_node("a.ts", text).reads]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("process.env.A\nprocess.env['B']\nprocess.env[\"C\"]\nprocess.env[`D`]\n", ["A", "B", "C", "D"]),
        ("process?.env?.A || globalThis.process.env.B\n", ["A", "B"]),
        ("const { A, B: b, C = 'x' } = process.env;\n", ["A", "B", "C"]),
        ("const {\n  A,\n  B,\n} = import.meta.env\n", ["A", "B"]),
        ("import.meta.env.VITE_A && import.meta.env.MODE\n", ["VITE_A"]),
        ("Deno.env.get('A'); Bun.env.B\n", ["A", "B"]),
        ("`${process.env.A}/x`\n", ["A"]),
        ("if (process.env.A === 'x') {}\n", ["A"]),
        ("const f = () => process.env.A ?? process.env.B!\n", ["A", "B"]),
    ],
)
def test_every_way_of_reading_is_seen(text: str, names: list[str]) -> None:
    assert [name for name, _ in found(text)] == names


@pytest.mark.parametrize(
    "text",
    [
        "// process.env.A\n/* process.env.B\n process.env.C */\n",
        "const s = 'see process.env.A for that'\n",
        "process.env.LONG = '1'\nprocess.env['BEE'] = '2'\nprocess.env.URL=x\n",
        "myprocess.env.A; other.env.B\n",
    ],
)
def test_comments_prose_and_writes_are_not_seen(text: str) -> None:
    assert found(text) == []


def test_lines_are_counted_over_comments() -> None:
    assert found("/* a\n b */\nconst u = 'http://x' // y\nprocess.env.A\n") == [("A", 4)]


@pytest.mark.parametrize(
    "text", ["process.env[name]\n", "process.env['A_' + x]\n", "const { A, ...rest } = process.env\n"]
)
def test_a_composed_name_is_told_apart(text: str) -> None:
    assert len(scan_node("a.js", text).composed) == 1
