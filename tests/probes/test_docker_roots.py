import pytest

from hotelctl.facts.compose import ComposeFiles, parse_compose
from hotelctl.facts.composition import compose_of
from hotelctl.probes.docker_roots import contexts_of
from tests.probes.worlds import World

NONE = ComposeFiles(())


def world(dockerfile: str, *names: str, **docker: object) -> World:
    """A project with `api/Dockerfile` and files."""
    made = World(docker=docker)
    made.write("api/Dockerfile", dockerfile)
    for name in names:
        made.write(name, "x")
    return made


def test_a_compose_file_says_it_unless_the_service_file_does() -> None:
    text = parse_compose("compose.yml", b"services: {a: {build: ./api}}\n")
    said = compose_of({"compose.yml": text}, {})
    assert contexts_of("api/Dockerfile", said, world("FROM x\nCOPY . .\n").context()) == ("api",)
    assert contexts_of("api/Dockerfile", said, world("FROM x\n", context=".").context()) == (".",)
    assert contexts_of("other/Dockerfile", said, world("FROM x\n").context()) == (".",)


@pytest.mark.parametrize(
    ("dockerfile", "root"),
    [
        ("FROM x\nCOPY app.py /a/\nCOPY --from=0 /b /c\n", "api"),
        ("FROM x\nCOPY api/app.py /a/\n", "."),
        ("FROM x\nCOPY . .\n", "."),
        ("FROM x\nCOPY $NAME *.py /a/\n", "."),
        ("FROM x\nCOPY shared.py /a/\n", "."),
        ("no Dockerfile at all\n", "."),
    ],
)
def test_else_what_it_copies_tells(dockerfile: str, root: str) -> None:
    here = world(dockerfile, "api/app.py", "api/shared.py", "shared.py")
    assert contexts_of("api/Dockerfile", NONE, here.context()) == (root,)
