import re

from benchmarks.planted import known
from benchmarks.planted.cases import cases
from tests.house.tracked import files, name


def test_no_planted_value_stands_in_the_repository() -> None:
    values = [case.value for case in (*cases(), *known.cases()) if case.planted]
    assert len(values) >= 150
    longest_lines = {max(value.splitlines(), key=len) for value in values}
    pattern = re.compile("|".join(map(re.escape, longest_lines)))
    held = {name(path): pattern.search(path.read_text(errors="replace")) for path in files()}
    assert [path for path, hit in held.items() if hit] == []
