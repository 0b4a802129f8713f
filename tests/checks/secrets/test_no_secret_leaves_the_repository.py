import pytest

from hotelctl.checks.secrets.no_secret_leaves_the_repository import no_secret_leaves_the_repository as check
from hotelctl.core.errors import LeftOut, NotApplicable, Unavailable
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.leaks import Leak
from hotelctl.facts.leaving import ArtifactFiles, ContextFiles, LeavingCopies, LeavingLeaks
from hotelctl.facts.secret_copies import SecretCopy
from hotelctl.facts.waivers import AnsweredArchives
from tests.checks import made
from tests.checks.secrets.test_no_secret_is_in_the_work_tree import leak
from tests.checks.secrets.test_no_secret_of_the_service_is_copied import copy

_LOCAL, _MEMBER = "thing/local.json", "thing.whl/thing/local.json"
_SENT = ContextFiles(("Dockerfile",), {_LOCAL: b"..."}, {})
_BUILT = ArtifactFiles("thing.whl", {_MEMBER: b"..."})
_NOBODY = AnsweredArchives()
_NOWHERE, _NO_BUILD = ContextFiles((), {}, {}), ArtifactFiles("", {})


def _judged(
    sent: ContextFiles, built: ArtifactFiles, *own: SecretCopy, guessed: tuple[Leak, ...] = ()
) -> list[Finding]:
    return made.judged(
        check, sent, built, LeavingCopies(own), LeavingLeaks(("betterleaks",), guessed), _NOBODY
    )


def test_a_context_and_an_artifact_without_secrets_are_fine() -> None:
    assert _judged(_SENT, _BUILT) == []
    assert _judged(_NOWHERE, _BUILT) == []
    assert _judged(_SENT, _NO_BUILD) == []


def test_a_value_in_use_is_a_finding_with_its_place_and_the_remedy_of_that_place() -> None:
    one, two = _judged(_SENT, _BUILT, copy(2, _LOCAL), copy(3, _MEMBER))
    assert (str(one.location), str(two.location)) == (f"{_MEMBER}:3", f"{_LOCAL}:2")
    assert one.fix == "give LOGIN a new value;\nkeep it out of the artifact"
    assert two.fix == f"give LOGIN a new value;\nname {_LOCAL} in .dockerignore"
    assert check.info.severity is Severity.CRITICAL


def test_what_the_scanner_finds_is_as_severe_as_it_is_sure() -> None:
    found = _judged(_SENT, _BUILT, guessed=(leak(path=_LOCAL), leak("medium", path=_MEMBER)))
    assert [(str(one.location), one.severity) for one in found] == [
        (f"{_MEMBER}:7", Severity.HIGH),
        (f"{_LOCAL}:7", Severity.CRITICAL),
    ]
    assert (
        found[1].fix == f"revoke it at GitHub: Settings > Developer settings;\nname {_LOCAL} in .dockerignore"
    )


def test_what_was_not_read_is_a_doubt_after_what_was_found() -> None:
    sent = ContextFiles(("Dockerfile",), {}, {"thing/big.bin": "is above 200 MB"})
    judged = check.judge(sent, _BUILT, LeavingCopies((copy(1, _MEMBER),)), LeavingLeaks((), ()), _NOBODY)
    assert next(iter(judged)).subject == "LOGIN"
    with pytest.raises(Unavailable, match=r"thing/big\.bin: is above 200 MB"):
        list(judged)


def test_an_artifact_that_nobody_looked_into_is_left_out_after_what_was_found() -> None:
    left = ArtifactFiles("", {}, "no check builds it")
    judged = check.judge(_SENT, left, LeavingCopies((copy(1, _LOCAL),)), LeavingLeaks((), ()), _NOBODY)
    assert next(iter(judged)).subject == "LOGIN"
    with pytest.raises(LeftOut, match="no check builds it"):
        list(judged)


def test_where_nothing_is_built_there_is_nothing_to_ask() -> None:
    with pytest.raises(NotApplicable, match="no Dockerfile, and no artifact"):
        _judged(_NOWHERE, _NO_BUILD)
