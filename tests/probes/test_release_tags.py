from hotelctl.core.references import Signature
from hotelctl.facts.release_tags import ReleaseTags
from tests.fakes.repository import COMMIT
from tests.probes.worlds import World


def test_only_tags_of_head_that_name_a_version_are_asked() -> None:
    world = World()
    good = Signature(annotated=True, signed=True, good=True, words="")
    world.repository.tags = {"v1.2": COMMIT, "thing-1.2": COMMIT, "local/1.2-abc": COMMIT, "v1.1": "2" * 40}
    world.repository.signatures = {"v1.2": good, "thing-1.2": good}
    assert world.fact(ReleaseTags) == ReleaseTags({"v1.2": good, "thing-1.2": good})


def test_without_one_the_question_does_not_arise() -> None:
    world = World()
    world.repository.tags = {"nightly": COMMIT}
    assert world.why_not(ReleaseTags) == "NotApplicable: no tag of HEAD names a version"
