import pytest

from hotelctl.checks.env.lines_are_read import lines_are_read
from tests.checks import made


def test_assignments_comments_and_blank_lines_are_read() -> None:
    assert not made.judged(lines_are_read, made.files("# note\n\nexport A='1' # why\nB=\"2\"\n"))


@pytest.mark.parametrize("line", ["A='hunter2", 'A="hunter2" more', "HUNTER2_WITHOUT_SIGN", "=hunter2"])
def test_a_dropped_line_is_named_without_its_text(line: str) -> None:
    (finding,) = made.judged(lines_are_read, made.files(f"B=1\n\n{line}\n"))
    assert str(finding.location) == ".env.local:3"
