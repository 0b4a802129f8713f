import pytest

from hotelctl.checks.docker.built_image_says_what_it_is import built_image_says_what_it_is as check
from tests.checks import made
from tests.checks.docker.images import GOOD, labelled


def test_all_labels_of_the_commit_that_is_checked_out_are_fine() -> None:
    assert made.judged(check, GOOD, made.tree()) == []


@pytest.mark.parametrize("name", ["revision", "version", "created", "source"])
def test_each_is_wanted(name: str) -> None:
    for value in ("", " "):
        (finding,) = made.judged(check, labelled(**{name: value}), made.tree())
        assert finding.message == f"notes:1 has no label org.opencontainers.image.{name}"
        assert finding.fix.startswith(f"LABEL org.opencontainers.image.{name}=")


def test_the_revision_of_another_commit_is_wrong() -> None:
    (finding,) = made.judged(check, labelled(revision="d" * 40), made.tree())
    assert finding.message == f"notes:1 is of the revision {'d' * 40}, not of {made.COMMIT[:12]}"
