from hotelctl.checks.build.deployed_artifact_is_the_built_one import deployed_artifact_is_the_built_one
from hotelctl.facts.artifact import DeployedArtifact
from tests.checks import made


def test_equal_digests_are_fine() -> None:
    assert not made.judged(
        deployed_artifact_is_the_built_one, DeployedArtifact("r1", "a.whl", "a" * 64, "a" * 64)
    )


def test_a_changed_or_missing_artifact_is_a_finding() -> None:
    for now, words in (("b" * 64, "bbbbbbbbbbbb"), (None, "is gone")):
        (finding,) = made.judged(
            deployed_artifact_is_the_built_one, DeployedArtifact("r1", "a.whl", "a" * 64, now)
        )
        assert words in finding.message
