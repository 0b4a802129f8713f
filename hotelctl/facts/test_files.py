"""Which tracked files are tests by their names."""

import re

TEST_PATTERNS = ("*test*.py", "*.test.*", "*.spec.*", "*_test.go", "*_test.rb", "*_spec.rb")
"""Git patterns that find them all, and more."""

_NAME = re.compile(
    r"(test_[^/]*|[^/]*_tests?)\.py|tests\.py|[^/]+\.(test|spec)\.[cm]?[jt]sx?"
    r"|[^/]+_test\.(go|rb)|[^/]+_spec\.rb"
)


def is_test_file(path: str) -> bool:
    """Whether the last part of `path` is `test_thing.py`, `tests.py`, `thing.test.ts` or the like."""
    return "/node_modules/" not in f"/{path}" and _NAME.fullmatch(path.rpartition("/")[2]) is not None
