import pytest

from hotelctl.checks.env.names_are_portable import names_are_portable
from tests.checks import made


def test_letters_digits_and_underscores_are_fine() -> None:
    assert not made.judged(names_are_portable, made.files("A_1=x\n_B=x\nhttp_proxy=x\nA_1=y\n"))


@pytest.mark.parametrize(
    ("name", "better"),
    [("APP.PORT", "APP_PORT"), ("my-key", "MY_KEY"), ("1ST", "_1ST"), ("GRÖSSE", "GR_SSE")],
)
def test_other_signs_are_a_finding_with_a_name_that_works(name: str, better: str) -> None:
    (finding,) = made.judged(names_are_portable, made.files(f"OK=1\n{name}=hunter2\n"))
    assert str(finding.location) == ".env.local:2"
    assert finding.fix == f"{better}=..."


def test_names_that_differ_in_case_alone_are_a_finding() -> None:
    (finding,) = made.judged(names_are_portable, made.files("Token=hunter2\nTOKEN=hunter2b\n"))
    assert "differs from Token" in finding.message
