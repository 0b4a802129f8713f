import os
from collections.abc import Callable
from pathlib import Path

import pytest

from hotelctl.config.load import BUNDLED, DEFAULT, Configuration, Source, drafted, load, written_file
from hotelctl.core.errors import UsageError
from tests.house.tracked import ROOT

MINIMAL = """\
schema = "hotelctl.service/1"
[service]
name = "plain"
title = "Plain"
[build]
command = ["make", "{out}"]
artifact = "*.whl"
requirements = "lock.txt"
[run]
command = ["serve", "{port}"]
[health]
live = "/live"
ready = "/ready"
version = "/version"
"""
MORE = """\
[run.env]
MODE = "{environment}"
[[smoke.workflow]]
name = "one"
[[smoke.workflow.step]]
request = "GET /"
[[smoke.workflow]]
name = "two"
[[smoke.workflow.step]]
request = "GET /2"
[[smoke.workflow.step]]
request = "GET /3"
[environments.staging]
profile = "staging"
watch = { window_s = 60 }
[environments.production]
profile = "production"
"""
TEXT = MINIMAL + MORE
END = len(TEXT.splitlines())


def written(place: Path, text: str | bytes = TEXT, name: str = "hotelctl.toml") -> Path:
    path = place / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def in_pyproject(text: str = TEXT) -> str:
    """The same service as tables of pyproject.toml; its line numbers move down by 3."""
    inside = text.replace("[[", "[[tool.hotelctl.").replace("\n[", "\n[tool.hotelctl.")
    inside = inside.replace("[tool.hotelctl.[tool.hotelctl.", "[[tool.hotelctl.")
    return f'[project]\nname = "x"\n[tool.hotelctl]\n{inside}'


def refusal(place: Path, text: str | bytes, environment: str = "local") -> UsageError:
    written(place, text)
    with pytest.raises(UsageError) as refused:
        load(place, None, environment)
    return refused.value


def test_the_first_place_is_hotelctl_toml(tmp_path: Path) -> None:
    written(tmp_path)
    written(tmp_path, in_pyproject(), "pyproject.toml")
    written(tmp_path, MINIMAL, BUNDLED)
    found = load(tmp_path, None, "local")
    assert (str(found.file), found.project, found.spec.service.name) == ("hotelctl.toml", tmp_path, "plain")


@pytest.mark.parametrize(
    "make",
    [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("nowhere")],
    ids=["directory", "pipe", "link"],
)
def test_what_stands_in_the_first_place_and_is_no_file_is_not_passed_over(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    written(tmp_path, MINIMAL, BUNDLED)
    make(tmp_path / "hotelctl.toml")
    with pytest.raises(UsageError, match=r"^hotelctl.toml is there and is no plain file$"):
        load(tmp_path, None, "local")


def test_the_second_place_is_a_table_of_pyproject(tmp_path: Path) -> None:
    written(tmp_path, in_pyproject(), "pyproject.toml")
    written(tmp_path, MINIMAL, BUNDLED)
    found = load(tmp_path, None, "staging")
    assert (str(found.file), found.project) == ("pyproject.toml", tmp_path)
    assert found.spec == load_text(tmp_path / "other", TEXT).spec
    assert str(found.source("service.name")) == "pyproject.toml:6"
    assert str(found.source("environments.staging.watch.window_s")) == f"pyproject.toml:{END + 1}"


@pytest.mark.parametrize(
    "pyproject",
    ['[project]\nname = "x"\n', "# not [tool.hotelctl] yet\n", "[tool.hotelctl-docs]\nx = 1\n", "[project\n"],
)
def test_the_third_place_is_the_bundled_service_of_the_checkout(tmp_path: Path, pyproject: str) -> None:
    written(tmp_path, pyproject, "pyproject.toml")
    written(tmp_path, MINIMAL, BUNDLED)
    found = load(tmp_path, None, "local")
    assert (str(found.file), found.project) == (BUNDLED, tmp_path)


def test_without_any_of_the_three_it_is_said_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no hotelctl\.toml here") as refused:
        load(tmp_path, None, "local")
    assert refused.value.hint.startswith("hotelctl init writes one")


def load_text(place: Path, text: str, environment: str = "local") -> Configuration:
    return load(place, written(place, text), environment)


def test_a_named_file_wins_and_its_directory_is_the_project(tmp_path: Path) -> None:
    written(tmp_path)
    other = written(tmp_path, TEXT.replace('"plain"', '"other"'), "their/service.toml")
    found = load(tmp_path, other, "local")
    assert (found.spec.service.name, found.project) == ("other", tmp_path / "their")
    assert str(found.source("service.name")) == "their/service.toml:3"


def test_a_named_pyproject_is_read_by_its_table(tmp_path: Path) -> None:
    found = load(tmp_path, written(tmp_path, in_pyproject(), "sub/pyproject.toml"), "local")
    assert (found.spec.service.name, found.project) == ("plain", tmp_path / "sub")
    with pytest.raises(UsageError, match=r"none/pyproject\.toml: has no \[tool\.hotelctl\]"):
        load(tmp_path, written(tmp_path, "[project]\n", "none/pyproject.toml"), "local")


def test_the_bundled_service_named_or_found_is_of_the_same_project(tmp_path: Path) -> None:
    path = written(tmp_path, MINIMAL, BUNDLED)
    assert load(tmp_path, path, "local") == load(tmp_path, None, "local")


def test_the_bundled_service_of_this_checkout_loads_in_every_environment() -> None:
    for name in ("local", *load(ROOT, None, "local").spec.environments):
        assert load(ROOT, None, name).environment_name == name


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    assert load_text(tmp_path, "\ufeff" + TEXT).spec.service.name == "plain"


@pytest.mark.parametrize(
    ("key", "source"),
    [
        ("schema", "hotelctl.toml:1"),
        ("service.title", "hotelctl.toml:4"),
        ("run.env.MODE", "hotelctl.toml:16"),
        ("environments.staging.profile", f"hotelctl.toml:{END - 3}"),
        ("environments.staging.watch.window_s", f"hotelctl.toml:{END - 2}"),
        ("smoke.workflow", "hotelctl.toml:17"),
        ("environments.staging.port", "default"),
        ("retention.releases", "default"),
    ],
)
def test_each_value_says_where_it_was_written(tmp_path: Path, key: str, source: str) -> None:
    found = load_text(tmp_path, TEXT, "staging")
    assert str(found.source(key)) == source
    assert (found.source(key) is DEFAULT) == (source == "default")


def test_a_source_without_a_line_is_its_file() -> None:
    assert str(Source("hotelctl.toml")) == "hotelctl.toml"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("title =", "titel =", "hotelctl.toml:4: unknown key 'service.titel'; did you mean 'title'?"),
        ("[run]", "[runn]", "hotelctl.toml:9: unknown key 'runn'; did you mean 'run'?"),
        (
            "window_s",
            "windows_s",
            f"hotelctl.toml:{END - 2}: unknown key 'environments.staging.watch.windows_s'; "
            "did you mean 'window_s'?",
        ),
        (
            'request = "GET /3"',
            'request = "GET /3"\nstatsu = 201',
            "hotelctl.toml:27: unknown key 'smoke.workflow.1.step.1.statsu'; did you mean 'status'?",
        ),
        (
            'request = "GET /2"',
            'request = "GET /2"\njsn = { a = 1 }',
            "hotelctl.toml:25: unknown key 'smoke.workflow.1.step.0.jsn'; did you mean 'json'?",
        ),
        (
            "schema =",
            'name = "x"\nschema =',
            "hotelctl.toml:1: unknown key 'name'; it belongs under [service]",
        ),
        (
            "schema =",
            "status = 1\nschema =",
            "hotelctl.toml:1: unknown key 'status'; it belongs into another table",
        ),
        ("schema =", "zzz = 1\nschema =", "hotelctl.toml:1: unknown key 'zzz'"),
    ],
)
def test_an_unknown_key_is_named_with_its_line_and_what_was_meant(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert refusal(tmp_path, TEXT.replace(old, new, 1)).message.partition(" (and")[0] == message


def test_what_a_misspelled_key_leaves_missing_comes_second(tmp_path: Path) -> None:
    refused = refusal(tmp_path, TEXT.replace("title =", "titel ="))
    assert refused.message.endswith("(and 1 more)")
    assert refused.hint == "hotelctl.toml:2: service.title is missing"


def test_a_refused_element_does_not_make_its_array_too_short(tmp_path: Path) -> None:
    refused = refusal(tmp_path, TEXT.replace("GET /2", "GIT /2"))
    assert refused.message.startswith("hotelctl.toml:24: smoke.workflow.1.step.0.request: ")
    assert "(and" not in refused.message
    empty = refusal(tmp_path, MINIMAL + '[[smoke.workflow]]\nname = "x"\nstep = []\n')
    assert empty.message.startswith("hotelctl.toml:17: smoke.workflow.0.step: ")


@pytest.mark.parametrize(
    ("old", "new", "start"),
    [
        ('"Plain"', "7", "hotelctl.toml:4: service.title: "),
        ('"plain"', '"Not Lower"', "hotelctl.toml:3: service.name: "),
        ('["serve", "{port}"]', '"serve"', "hotelctl.toml:10: run.command: "),
        ('["serve", "{port}"]', "[]", "hotelctl.toml:10: run.command: "),
        ("window_s = 60", "window_s = true_", f"hotelctl.toml:{END - 2}: is not TOML: "),
        ("window_s = 60", "window_s = -1", f"hotelctl.toml:{END - 2}: environments.staging.watch.window_s: "),
        ('"GET /3"', "3", "hotelctl.toml:26: smoke.workflow.1.step.1.request: "),
        ('"{environment}"', "1", "hotelctl.toml:16: run.env.MODE: "),
        ("hotelctl.service/1", "hotelctl.service/2", "hotelctl.toml:1: schema: "),
        ('profile = "production"', "port = 70000", f"hotelctl.toml:{END}: environments.production.port: "),
    ],
)
def test_a_wrong_value_is_named_with_its_line(tmp_path: Path, old: str, new: str, start: str) -> None:
    assert old in TEXT
    assert refusal(tmp_path, TEXT.replace(old, new, 1)).message.startswith(start)


def test_a_wrong_value_in_pyproject_has_the_line_of_that_file(tmp_path: Path) -> None:
    written(tmp_path, in_pyproject().replace('"Plain"', "7"), "pyproject.toml")
    with pytest.raises(UsageError, match=r"^pyproject\.toml:7: service\.title: "):
        load(tmp_path, None, "local")


def test_a_broken_pyproject_that_holds_the_service_is_not_passed_over(tmp_path: Path) -> None:
    written(tmp_path, in_pyproject() + "x = \n", "pyproject.toml")
    written(tmp_path, MINIMAL, BUNDLED)
    with pytest.raises(UsageError, match=rf"^pyproject\.toml:{END + 4}: is not TOML: "):
        load(tmp_path, None, "local")


@pytest.mark.parametrize(
    ("text", "start"),
    [
        (TEXT + "x = \n", f"hotelctl.toml:{END + 1}: is not TOML: Invalid value"),
        (TEXT + 'x = "a', f"hotelctl.toml:{END + 1}: is not TOML: "),
        ("a = [", "hotelctl.toml:1: is not TOML: "),
        ("a = 1\na = 2\n", "hotelctl.toml:2: is not TOML: "),
    ],
)
def test_what_is_no_toml_is_refused_with_its_line(tmp_path: Path, text: str, start: str) -> None:
    assert refusal(tmp_path, text).message.startswith(start)


def test_what_is_not_utf_8_is_refused_with_its_line(tmp_path: Path) -> None:
    refused = refusal(tmp_path, b'schema = "x"\n[service]\ntitle = "caf\xe9"\n')
    assert refused.message.endswith("hotelctl.toml:3: is not UTF-8")


@pytest.mark.parametrize("name", ["none.toml", "directory"])
def test_a_named_file_that_cannot_be_read_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "directory").mkdir()
    with pytest.raises(UsageError, match=f"{name}: cannot be read: "):
        load(tmp_path, tmp_path / name, "local")


def test_an_empty_file_says_what_is_missing(tmp_path: Path) -> None:
    refused = refusal(tmp_path, "")
    assert refused.message == "hotelctl.toml: schema is missing (and 1 more)"
    assert "service is missing" in refused.hint


def test_a_misspelled_template_name_is_refused_with_its_line(tmp_path: Path) -> None:
    refused = refusal(tmp_path, TEXT.replace("{port}", "{prot}"))
    assert refused.message == (
        "hotelctl.toml:10: run.command: nothing is known for {prot}; did you mean {port}?"
    )


def test_local_exists_without_being_written_and_as_written(tmp_path: Path) -> None:
    assert load_text(tmp_path, TEXT).environment.port == 8080
    assert load_text(tmp_path, TEXT + "[environments.local]\nport = 9000\n").environment.port == 9000


def test_an_unknown_environment_is_refused_with_what_was_meant(tmp_path: Path) -> None:
    near = refusal(tmp_path, TEXT, "stagin")
    assert near.message == "hotelctl.toml: no environment 'stagin'; did you mean 'staging'?"
    assert near.hint == "known: local, staging, production"
    assert refusal(tmp_path, TEXT, "x").message == "hotelctl.toml: no environment 'x'"


_DOCKER = """\
[docker]
files = ["Dockerfile", "deploy/*.Dockerfile"]
port = 8080
registries = [
    "ghcr.io/acme",
]
"""


def test_what_is_said_of_the_image_has_its_place(tmp_path: Path) -> None:
    found = load_text(tmp_path, MINIMAL + _DOCKER)
    begin = len(MINIMAL.splitlines())
    assert found.spec.docker.registries == ("ghcr.io/acme",)
    assert str(found.source("docker.port")) == f"hotelctl.toml:{begin + 3}"
    assert str(found.source("docker.registries")) == f"hotelctl.toml:{begin + 4}"
    assert found.source("docker.probe") is DEFAULT


@pytest.mark.parametrize("path", ["/etc/Dockerfile", "../Dockerfile", "a/../b", "", "a**/Dockerfile"])
def test_a_dockerfile_outside_the_project_is_refused_with_its_line(tmp_path: Path, path: str) -> None:
    error = refusal(tmp_path, MINIMAL + f'[docker]\nfiles = ["{path}"]\n')
    assert error.message.startswith(f"hotelctl.toml:{len(MINIMAL.splitlines()) + 2}: docker.files.0: ")


def test_a_draft_is_read_as_a_file_and_known_as_none(tmp_path: Path) -> None:
    found = drafted(MINIMAL, tmp_path, "local")
    assert (found.written, found.project, found.spec.service.name) == (False, tmp_path, "plain")
    assert found.lacks("[tests]", "none ran").endswith("so none ran; hotelctl init writes one")
    assert found.names_no("database") == "no service file, so no database is named"
    with pytest.raises(UsageError, match="no environment 'prod'"):
        drafted(MINIMAL, tmp_path, "prod")


def test_a_file_that_is_there_is_named_in_what_it_lacks(tmp_path: Path) -> None:
    written(tmp_path)
    found = load(tmp_path, None, "local")
    assert found.written
    assert found.lacks("[tests]", "none ran") == "hotelctl.toml: has no [tests], so none ran"
    assert found.names_no("database") == "the service file names no database"
    assert written_file(tmp_path) == tmp_path / "hotelctl.toml"
    assert written_file(tmp_path / "elsewhere") is None
