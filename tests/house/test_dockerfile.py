import re
import tomllib

from tests.house.tracked import ROOT

TEXT = (ROOT / "Dockerfile").read_text()
SENT = (ROOT / ".dockerignore").read_text().splitlines()
INSTRUCTIONS = [
    line.split(" ", 1)
    for line in re.sub(r"\\\n\s*", " ", TEXT).splitlines()
    if line and not line.startswith("#")
]


def arguments(word: str) -> list[str]:
    """What follows this instruction, each time that it stands there."""
    return [rest for instruction, rest in INSTRUCTIONS if instruction == word]


def test_what_runs_is_a_stage_of_its_own_on_a_base_that_can_be_chosen() -> None:
    assert arguments("FROM") == ["${BASE} AS build", "${BASE} AS run"]
    assert arguments("ARG")[0].startswith("BASE=")
    assert "latest" not in arguments("ARG")[0]


def test_it_runs_as_a_number_that_is_not_root() -> None:
    assert arguments("USER") == ["10001:10001"]
    last = INSTRUCTIONS.index(["USER", "10001:10001"])
    assert not [word for word, _ in INSTRUCTIONS[last:] if word in {"RUN", "COPY", "ADD"}]


def test_it_starts_without_a_shell_and_is_asked_for_its_health() -> None:
    assert [command[0] for command in arguments("CMD")] == ["["]
    (check,) = arguments("HEALTHCHECK")
    assert re.search(r'CMD \["python", "-c", ', check)


def test_every_package_is_pinned_by_hash_or_comes_from_no_index() -> None:
    installs = [part for run in arguments("RUN") for part in run.split("&&") if "pip install" in part]
    assert len(installs) == 3
    assert [part for part in installs if "--require-hashes" not in part and "--no-index" not in part] == []


def test_labels_say_what_it_is() -> None:
    labels = " ".join(arguments("LABEL"))
    assert {"title", "description", "version", "revision"} <= set(
        re.findall(r"opencontainers\.image\.(\w+)=", labels)
    )


def test_what_is_copied_exists_and_is_sent() -> None:
    sources = [
        source for copy in arguments("COPY") if not copy.startswith("--from") for source in copy.split()[:-1]
    ]
    assert len(sources) >= 5
    assert [source for source in sources if not (ROOT / source).exists()] == []
    assert [source for source in sources if f"!{source}" not in SENT] == []
    assert SENT[1] == "*"


def test_what_the_wheel_is_made_to_hold_is_copied() -> None:
    said = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    copied = {source for copy in arguments("COPY") for source in copy.split()[:-1]}
    assert said["force-include"].keys() <= copied
