from hotelctl.core.finding import Location
from hotelctl.facts.docker_settings import DockerSettings, Said, Started
from tests.probes.worlds import World

_CONTRACT = 'schema = "hotelctl.env/1"\n[keys.PORT]\ndocs = "x"\ntype = "int"\ndefault = "9000"\n'


def world(**docker: object) -> World:
    """A project with a Dockerfile."""
    made = World(docker=docker)
    made.write("Dockerfile", "FROM a:1\n")
    return made


def test_without_a_dockerfile_the_question_does_not_arise() -> None:
    assert World().why_not(DockerSettings) == "NotApplicable: the project has no Dockerfile"


def test_the_service_file_speaks_first() -> None:
    here = world(port=8080, registries=["ghcr.io/acme"], probe="kubernetes")
    here.write("env.toml", _CONTRACT)
    fact = here.fact(DockerSettings)
    assert (fact.main, fact.port, fact.registries) == (
        "Dockerfile",
        Said("8080", "default"),
        ("ghcr.io/acme",),
    )
    assert fact.probe == Said("kubernetes", "default")


def test_the_contracts_port_is_next() -> None:
    here = world()
    here.write("env.toml", _CONTRACT)
    assert here.fact(DockerSettings).port == Said("9000", "env.toml:2")


def test_a_contract_without_a_port_or_none_says_nothing() -> None:
    assert world().fact(DockerSettings).port is None
    here = world()
    here.write("env.toml", 'schema = "hotelctl.env/1"\n[keys.A]\ndocs = "x"\n')
    assert here.fact(DockerSettings).port is None


def test_requirement_files_that_are_pinned_everywhere() -> None:
    here = world()
    texts = {
        "lock.txt": "a==1\n",
        "requirements.txt": "a==1\n",
        "x/requirements.txt": "a\n",
        "constraints.txt": "a==2",
    }
    here.repository.commit("2" * 40, texts)
    for name, text in texts.items():
        here.write(name, text)
    assert here.fact(DockerSettings).pinned == {"lock.txt", "constraints.txt"}


def test_a_service_without_a_build_has_no_lock_of_its_own() -> None:
    made = World(build=None)
    made.write("Dockerfile", "FROM a:1\n")
    assert made.fact(DockerSettings).pinned == frozenset()


def test_a_compose_file_says_the_port_and_who_asks_for_health() -> None:
    here = world()
    text = "services:\n  a:\n    build: .\n    ports: ['80:8000']\n    healthcheck: {test: curl x}\n"
    here.write("compose.yml", text)
    here.repository.commit("2" * 40, {"compose.yml": text})
    fact = here.fact(DockerSettings)
    assert fact.port == Said("8000", "compose.yml:4")
    assert fact.started == {
        "Dockerfile": (Started("compose.yml", "a", Location("compose.yml", 2), asks=True),)
    }
    here.write("compose.yml", text.replace("'80:8000'", "'80:8000', '9229:9229'"))
    assert here.fact(DockerSettings).port is None


def test_what_starts_it_is_told_by_composition_and_what_only_builds_is_left_out() -> None:
    here = world()
    off = "{healthcheck: {disable: true}}"
    ci = "docker compose -f compose.ci.yml build\n"
    texts = {
        "compose.yml": "services: {a: {build: ., healthcheck: {test: x}}, b: {build: .}}\n",
        "compose.prod.yml": f"services: {{a: {off}, b: {off}}}\n",
        "compose.ci.yml": "services: {a: {build: .}}\n",
        "up.sh": "docker compose -f compose.yml -f compose.prod.yml up\n" + ci,
        "ci.sh": "docker compose up\n",
    }
    here.repository.commit("2" * 40, texts)
    for name, text in texts.items():
        here.write(name, text)
    base, prod = here.fact(DockerSettings).started["Dockerfile"]
    assert (base.said, base.asks, base.silenced) == ("ci.sh:1", True, None)
    assert (prod.said, prod.asks, str(prod.silenced)) == ("up.sh:1", False, "compose.prod.yml:1")
    here.write("up.sh", "docker compose -f compose.yml -f $MORE up\n")
    here.repository.commit("3" * 40, {**texts, "up.sh": "docker compose -f compose.yml -f $MORE up\n"})
    assert here.fact(DockerSettings).unsure["Dockerfile"].startswith("up.sh:1: which file $MORE is")
