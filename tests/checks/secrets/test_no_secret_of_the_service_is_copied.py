import pytest

from hotelctl.checks.secrets.no_secret_of_the_service_is_copied import (
    no_secret_of_the_service_is_copied as check,
)
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Severity
from hotelctl.facts.secret_copies import SecretCopies, SecretCopy
from tests.checks import made

_MARK = "[redacted 24 chars #0123abcd]"


def copy(line: int, path: str = "deploy.sh", name: str = "LOGIN", *, encoded: bool = False) -> SecretCopy:
    return SecretCopy((name,), path, line, _MARK, encoded)


def test_values_that_stand_nowhere_are_fine() -> None:
    assert made.judged(check, SecretCopies(2, 3, ())) == []


def test_a_value_in_a_file_is_one_finding_with_all_its_places() -> None:
    (one,) = made.judged(check, SecretCopies(1, 3, (copy(9, encoded=True), copy(4))))
    assert (one.subject, str(one.location), one.severity) == ("LOGIN", "deploy.sh:4", None)
    assert one.message == f"deploy.sh: the value of LOGIN stands here, line 4, line 9 (encoded): {_MARK}"
    assert len(one.evidence) == 2
    assert check.info.severity is Severity.CRITICAL


def test_other_files_and_other_values_are_findings_of_their_own() -> None:
    found = made.judged(check, SecretCopies(2, 3, (copy(1), copy(1, "b.sh"), copy(1, name="OTHER"))))
    assert [(one.subject, str(one.location)) for one in found] == [
        ("LOGIN", "b.sh:1"),
        ("LOGIN", "deploy.sh:1"),
        ("OTHER", "deploy.sh:1"),
    ]


def test_a_file_that_could_not_be_read_is_a_doubt_after_what_was_found() -> None:
    judged = check.judge(SecretCopies(1, 1, (copy(1),), {"big.bin": "is too large"}))
    assert next(iter(judged)).subject == "LOGIN"
    with pytest.raises(Unavailable, match=r"big\.bin: is too large"):
        list(check.judge(SecretCopies(1, 1, (), {"big.bin": "is too large"})))
