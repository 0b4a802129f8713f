import pytest

from hotelctl.checks.docker.image_runs_as_a_user import image_runs_as_a_user as check
from tests.checks import made
from tests.checks.docker import written


@pytest.mark.parametrize(
    "text",
    [
        "FROM a:1\nUSER 10001:10001\n",
        "FROM a:1\nUSER root\nRUN x\nUSER app\n",
        "FROM a:1 AS base\nUSER 1000\nFROM base\nRUN x\n",
        "FROM gcr.io/distroless/static:nonroot\n",
        "FROM a:1\nARG ID=1000\nUSER ${ID}\n",
    ],
)
def test_a_user_is_fine(text: str) -> None:
    assert made.judged(check, written.files(text)) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("FROM a:1\nRUN x\n", 1),
        ("FROM a:1\nUSER 1000\nFROM b:1\n", 3),
        ("FROM a:1\nUSER app\nUSER root\n", 3),
        ("FROM a:1\nUSER 0:0\n", 2),
        ('FROM a:1\nENV U=root\nUSER "$U"\n', 3),
        ("FROM scratch\nCOPY a /a\n", 1),
    ],
)
def test_root_is_not(text: str, line: int) -> None:
    (finding,) = made.judged(check, written.files(text))
    assert str(finding.location) == f"Dockerfile:{line}"
    assert finding.fix == "USER 10001:10001"


def test_a_user_that_only_the_build_knows_is_unknown() -> None:
    assert "Dockerfile:3" in written.unknown(check, written.files("FROM a:1\nARG ID\nUSER ${ID}\n"))
