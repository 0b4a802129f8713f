"""What is test code: the name alone does not tell, as packages may be about tests."""

import re

_DIRECTORIES = frozenset({"test", "tests"})
_FILE = re.compile(r"(test_[^/]*|[^/]*_test|conftest)\.py")
_FRAMEWORK = re.compile(
    rb"^[ \t]*(import|from)[ \t]+(pytest|unittest|nose|hypothesis|testtools|django\.test)\b", re.MULTILINE
)
_FUNCTION = re.compile(rb"^[ \t]*(async[ \t]+)?def[ \t]+test\w*[ \t]*\(", re.MULTILINE)
_ASSERTION = re.compile(rb"^[ \t]+assert\b", re.MULTILINE)


def looks_like_test(name: str) -> bool:
    """Whether a member of an archive is a Python file with the name or in the place of a test."""
    *directories, base = name.split("/")
    if not base.endswith(".py"):
        return False
    return bool(_DIRECTORIES.intersection(directories)) or _FILE.fullmatch(base) is not None


def is_test_code(source: bytes) -> bool:
    """Whether it works with a test framework, or defines test functions that assert something."""
    if _FRAMEWORK.search(source):
        return True
    return _FUNCTION.search(source) is not None and _ASSERTION.search(source) is not None
