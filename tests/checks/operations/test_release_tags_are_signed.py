import pytest

from hotelctl.checks.operations.release_tags_are_signed import release_tags_are_signed
from hotelctl.core.errors import Unavailable
from hotelctl.core.references import Signature
from hotelctl.facts.release_tags import ReleaseTags
from tests.checks import made

GOOD = Signature(annotated=True, signed=True, good=True, words="Good signature")
NONE = Signature(annotated=True, signed=False, good=False, words="")
LIGHT = Signature(annotated=False, signed=False, good=False, words="")
BAD = Signature(annotated=True, signed=True, good=False, words="BADSIG")
OPEN = Signature(annotated=True, signed=True, good=None, words="NO_PUBKEY")


def test_a_good_signature_is_fine() -> None:
    assert not made.judged(release_tags_are_signed, ReleaseTags({"v1": GOOD}))


@pytest.mark.parametrize(
    ("signature", "words"), [(NONE, "is not signed"), (LIGHT, "lightweight"), (BAD, "bad signature: BADSIG")]
)
def test_none_or_a_bad_one_is_a_finding(signature: Signature, words: str) -> None:
    (finding,) = made.judged(release_tags_are_signed, ReleaseTags({"v1": GOOD, "v2": signature}))
    assert finding.subject == "v2"
    assert words in finding.message


def test_one_that_git_cannot_judge_is_open() -> None:
    with pytest.raises(Unavailable, match=r"knows no key to judge it by: v1 \(NO_PUBKEY\)"):
        made.judged(release_tags_are_signed, ReleaseTags({"v1": OPEN}))
