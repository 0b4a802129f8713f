from hotelctl.facts.docker_context import BuildContexts
from tests.probes.worlds import PROJECT, World


def world(**docker: object) -> World:
    """Two Dockerfiles in a project with private files."""
    made = World(docker=docker, env={"files": [".env.local"]}, environments={})
    for name in ("Dockerfile", "web.Dockerfile", ".git/HEAD", ".env", "sub/id_rsa", "sub/app.py"):
        made.write(name, "FROM a:1\n")
    return made


def test_without_an_ignore_file_all_that_is_private_is_sent() -> None:
    sent = world().fact(BuildContexts).sent["Dockerfile"]
    assert [one.name for one in sent.private] == [".env", ".env.local", ".git", "sub/id_rsa"]
    assert sent.ignore.path is None


def test_an_ignore_file_of_its_own_replaces_the_other() -> None:
    here = world()
    here.write(".dockerignore", "*\n")
    here.write("web.Dockerfile.dockerignore", "**/id_*\n.git\n.env*\n!.env.local\n")
    sent = here.fact(BuildContexts).sent
    assert sent["Dockerfile"].private == ()
    assert [one.name for one in sent["web.Dockerfile"].private] == [".env.local"]


def test_another_context_has_its_own_paths() -> None:
    sent = world(context="sub").fact(BuildContexts).sent["Dockerfile"]
    assert [one.name for one in sent.private] == ["id_rsa"]


def test_a_broken_ignore_file_is_a_doubt() -> None:
    here = world()
    here.write(".dockerignore", "a[\n")
    fact = here.fact(BuildContexts)
    assert fact.sent == {}
    assert fact.doubts["Dockerfile"].startswith(".dockerignore: ")


def test_a_link_is_sent_as_a_link() -> None:
    here = world(context="sub")
    here.write("sub/.env", "A=1")
    here.files.links.add(PROJECT / "sub/.env")
    assert [one.name for one in here.fact(BuildContexts).sent["Dockerfile"].private] == ["id_rsa"]


def test_what_git_has_is_told_apart_from_what_only_lies_there() -> None:
    here = world(context="sub")
    here.write("sub/.env", "A=1")
    here.repository.commit("2" * 40, {"Dockerfile": "", "sub/id_rsa": "", ".env": ""})
    sent = here.fact(BuildContexts).sent["Dockerfile"]
    assert {one.name: one.is_tracked for one in sent.private} == {".env": False, "id_rsa": True}


def test_each_dockerfile_has_the_context_that_a_compose_file_names() -> None:
    here = world()
    here.write("sub/Dockerfile", "FROM a:1\nCOPY . .\n")
    here.write("compose.yml", "services: {sub: {build: ./sub}}\n")
    here.repository.commit("2" * 40, {"sub/Dockerfile": "", "compose.yml": ""})
    sent = here.fact(BuildContexts).sent
    assert [one.name for one in sent["sub/Dockerfile"].private] == ["id_rsa"]
    assert (sent["sub/Dockerfile"].ignore.root, sent["Dockerfile"].ignore.root) == ("sub", ".")
    assert ".git" in [one.name for one in sent["Dockerfile"].private]


def test_each_context_in_which_a_dockerfile_is_built_is_looked_at() -> None:
    here = world()
    here.write("sub/Dockerfile", "FROM a:1\nCOPY . .\n")
    here.write("sub/.dockerignore", "*\n")
    here.write(
        "compose.yml", "services: {a: {build: sub}, b: {build: {context: ., dockerfile: sub/Dockerfile}}}\n"
    )
    here.repository.commit("2" * 40, {"sub/Dockerfile": "", "compose.yml": ""})
    sent = here.fact(BuildContexts).sent["sub/Dockerfile"]
    assert (sent.ignore.root, ".env" in [one.name for one in sent.private]) == (".", True)
    here.write(".dockerignore", "*\n")
    assert here.fact(BuildContexts).sent["sub/Dockerfile"].private == ()


def test_a_compose_file_that_cannot_be_read_may_name_another_context() -> None:
    here = world()
    here.write("compose.yml", "services: [\n")
    here.repository.commit("2" * 40, {"compose.yml": "", "deep/compose.yml": ""})
    fact = here.fact(BuildContexts)
    assert fact.sent == {}
    assert fact.doubts["Dockerfile"].startswith("compose.yml:2: is not YAML")
    assert fact.doubts["Dockerfile"].endswith(", so the context of Dockerfile is not known")
    here.files.remove(PROJECT / "compose.yml")
    here.repository.commit("3" * 40, {"deep/compose.yml": ""})
    here.write("deep/compose.yml", "services: [\n")
    assert here.fact(BuildContexts).doubts == {}
    named = world(context=".")
    named.write("compose.yml", "services: [\n")
    named.repository.commit("2" * 40, {"compose.yml": ""})
    assert named.fact(BuildContexts).doubts == {}
