from hotelctl.checks.build.artifact_builds import artifact_builds
from tests.checks import made


def test_an_artifact_is_fine() -> None:
    assert not made.judged(artifact_builds, made.artifact())


def test_no_artifact_says_why() -> None:
    (finding,) = made.judged(
        artifact_builds, made.artifact(path=None, exit_code=1, words="no module named hatchling")
    )
    assert "hatchling" in finding.message
