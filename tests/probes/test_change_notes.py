from hotelctl.facts.change_notes import ChangeNotes
from tests.fakes.repository import COMMIT
from tests.probes.worlds import World

PYPROJECT = '[project]\nversion = "1.2"\n'


def _world(*tracked: str, pyproject: str = PYPROJECT) -> World:
    world = World()
    world.write("pyproject.toml", pyproject)
    world.repository.commit(COMMIT, dict.fromkeys(tracked, ""))
    return world


def test_changelog_fragments_version_and_who_else_has_it() -> None:
    world = _world("changelog.d/+a.added.md", "changelog.d/README.md", "changelog.d/.gitkeep")
    world.write("CHANGELOG.md", "## 1.2\n")
    found = world.fact(ChangeNotes)
    assert (found.changelog.path, found.fragments) == ("CHANGELOG.md", ("changelog.d/+a.added.md",))
    assert (str(found.version), found.elsewhere) == ("1.2", None)
    world.repository.tags = {"v1.2": COMMIT}
    assert world.fact(ChangeNotes).elsewhere is None
    world.repository.tags = {"v1.2": "2" * 40, "v1.1": "3" * 40}
    assert world.fact(ChangeNotes).elsewhere == "v1.2"


def test_fragments_lie_where_towncrier_is_told_too() -> None:
    pyproject = f'{PYPROJECT}[tool.towncrier]\ndirectory = "docs/news/"\n'
    assert _world("docs/news/1.fixed.md", pyproject=pyproject).fact(ChangeNotes).fragments == (
        "docs/news/1.fixed.md",
    )


def test_a_project_without_either_is_not_asked() -> None:
    assert (
        _world("changelog.d/README.md").why_not(ChangeNotes).startswith("NotApplicable: the project keeps no")
    )


def test_a_version_that_cannot_be_had_is_unavailable() -> None:
    for text, words in (("", "no version can be read"), ('[project]\nversion = "new"\n', "can be compared")):
        world = _world("changelog.d/1.fixed.md", pyproject=text)
        assert words in world.why_not(ChangeNotes)
