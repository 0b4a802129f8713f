import pytest

from hotelctl.core.errors import NotApplicable
from hotelctl.facts.coming_env_files import ComingEnvFile, ComingEnvFiles, made_from
from tests.probes.worlds import PROJECT, World


def _world(tracked: dict[str, str], *ignored: str) -> World:
    world = World()
    world.repository.commit("2" * 40, tracked)
    world.repository.ignore_patterns = ignored
    return world


def _found(world: World) -> ComingEnvFiles:
    found: ComingEnvFiles = world.had(ComingEnvFiles).value
    return found


def test_a_template_of_an_env_file_is_asked_about_and_no_other_one() -> None:
    world = _world(
        {".env.example": "A=", "conf/example.env": "A=", "config.sample.json": "{}", "a.py": ""}, ".env"
    )
    assert _found(world).files == (
        ComingEnvFile(".env", ".env.example", ".env", exposed=False),
        ComingEnvFile("conf/.env", "conf/example.env", "conf/.env", exposed=True),
    )


def test_one_that_lies_here_is_asked_about_what_is_declared_is_left_to_env015() -> None:
    world = _world({".env.local.example": "A=", ".env.staging": "A=1"})
    world.repository.dirty = (".env.prod", ".env.local", ".env.staging", "notes.txt")
    assert [(one.path, one.origin, one.exposed) for one in _found(world).files] == [(".env.prod", "", True)]


def test_each_dockerfile_is_asked_what_it_would_send() -> None:
    world = _world({".env.example": "A=", "Dockerfile": "FROM x\n", "b.Dockerfile": "FROM x\n"}, ".env")
    world.files.write_durable(PROJECT / "Dockerfile.dockerignore", b"*.md\n")
    world.files.write_durable(PROJECT / ".dockerignore", b".env*\n!.env.example\n")
    (found,) = _found(world).files
    assert found.sent_by == (("Dockerfile", "Dockerfile.dockerignore"),)


def test_an_ignore_file_that_cannot_be_read_is_a_doubt() -> None:
    world = _world({".env.example": "A=", "Dockerfile": "FROM x\n"})
    world.files.write_durable(PROJECT / ".dockerignore", b"\xff\xfe")
    assert _found(world).doubts == {"Dockerfile": ".dockerignore: is not UTF-8"}


def test_without_templates_and_files_there_is_nothing_to_ask() -> None:
    assert isinstance(_world({"a.py": ""}).had(ComingEnvFiles).trouble, NotApplicable)
    assert isinstance(_world({".env.local.example": ""}).had(ComingEnvFiles).trouble, NotApplicable)


@pytest.mark.parametrize(
    ("template", "to"),
    [
        (".env.example", ".env"),
        (".env.production.sample", ".env.production"),
        ("app.env.dist", "app.env"),
        ("deploy/template.env", "deploy/.env"),
    ],
)
def test_the_name_without_the_word_of_the_template(template: str, to: str) -> None:
    assert made_from([template], None) == {to: template}
    assert made_from([to], None) == {}
