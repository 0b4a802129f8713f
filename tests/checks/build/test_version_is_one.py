import pytest

from hotelctl.checks.build.version_is_one import version_is_one as check
from hotelctl.facts.version_claims import VersionClaims
from tests.checks import made
from tests.checks.build import projects
from tests.fakes.repository import COMMIT
from tests.probes.worlds import World

RELEASED = "# Changelog\n\n## 1.2.0 (2026-01-01)\n\n- A.\n\n## [v1.1.0] - 2025\n"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The wheel of town 1.2.0."""
    return projects.wheel_bytes(tmp_path_factory.mktemp("town"))


def world(data: bytes, *tags: str, **files: str) -> World:
    """A checkout with these tags at HEAD; `changelog` and `image` are the contents of those files."""
    here = World()
    here.work.wheel = data
    here.repository.tags = dict.fromkeys(tags, COMMIT)
    names = {"changelog": "CHANGELOG.md", "image": "Dockerfile", "history": "HISTORY.rst"}
    for key, text in files.items():
        here.write(names[key], text)
    return here


def found(data: bytes, *tags: str, **files: str) -> list[str]:
    """The words of all findings."""
    return [one.message for one in made.judged(check, world(data, *tags, **files).fact(VersionClaims))]


def test_one_name_everywhere_is_fine(data: bytes) -> None:
    image = 'FROM a:1\nARG VERSION=1.2.0\nLABEL org.opencontainers.image.version="${VERSION}"\n'
    for tag in ("v1.2.0", "1.2.0", "town-1.2.0", "thing/v1.2.0"):
        assert found(data, tag, "local/v1.1.0", "stable", changelog=RELEASED, image=image) == []
    assert found(data, "v1.2", history="Town 1.2.0 (2026)\n=================\n") == []


def test_a_tag_of_another_version_is_found(data: bytes) -> None:
    assert found(data, "v1.3.0") == ["HEAD has the tag v1.3.0, and thing.whl is 1.2.0"]


def test_a_tagged_commit_without_an_entry_is_found(data: bytes) -> None:
    (message,) = found(data, "v1.2.0", changelog=RELEASED.replace("1.2.0", "1.1.9"))
    assert "has no entry for 1.2.0, which HEAD is tagged as; the newest is 1.1.9" in message
    (message,) = found(data, "v1.2.0", changelog="# Changelog\n")
    assert "it has none" in message


def test_before_a_release_the_changelog_may_lag_but_not_lead(data: bytes) -> None:
    assert found(data, changelog=RELEASED.replace("1.2.0", "1.1.9")) == []
    (message,) = found(data, changelog=RELEASED.replace("1.2.0", "1.3.0"))
    assert "speaks of 1.3.0" in message


def test_a_label_of_another_version_is_found_with_its_line(data: bytes) -> None:
    (message,) = found(data, image="FROM a:1\nLABEL org.opencontainers.image.version=1.1.0\n")
    assert message.startswith("Dockerfile:2: the image calls itself 1.1.0")


def test_with_nothing_to_compare_it_is_no_question(data: bytes) -> None:
    assert (
        world(data, "stable", changelog="# Changelog\n")
        .why_not(VersionClaims)
        .startswith("NotApplicable: 1.2.0")
    )
