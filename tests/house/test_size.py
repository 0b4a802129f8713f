import ast

from tests.house.tracked import files, name

MOST_LINES_A_FILE = 400
MOST_LINES_A_FUNCTION = 40


def too_long(source: str) -> list[str]:
    """What in this source is above the limits."""
    lines = source.count("\n")
    found = [f"file: {lines} lines"] if lines > MOST_LINES_A_FILE else []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MOST_LINES_A_FUNCTION:
                found.append(f"{node.name}: {length} lines")
    return found


def test_files_and_functions_stay_small() -> None:
    found = {name(path): too_long(path.read_text()) for path in files(".py")}
    assert {path: what for path, what in found.items() if what} == {}


def test_the_limits_are_seen() -> None:
    body = "    x = 1\n"
    assert too_long("def f():\n" + body * 39) == []
    assert too_long("def f():\n" + body * 40) == ["f: 41 lines"]
    assert too_long("async def f():\n" + body * 40) == ["f: 41 lines"]
    assert too_long("x = 1\n" * 400) == []
    assert too_long("x = 1\n" * 401) == ["file: 401 lines"]
