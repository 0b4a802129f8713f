import tomllib

import pytest

from hotelctl.config.service import ServiceSpec
from hotelctl.config.template_names import misspelled
from tests.services.checkout import SOURCE


def spec(old: str = "", new: str = "") -> ServiceSpec:
    text = (SOURCE / "hotelctl.toml").read_text()
    assert old in text
    return ServiceSpec.model_validate(tomllib.loads(text.replace(old, new, 1) if old else text))


def test_a_file_whose_names_are_all_known_has_no_complaint() -> None:
    assert list(misspelled(spec())) == []


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        ("{port}", "{prot}", "run.command", "nothing is known for {prot}; did you mean {port}?"),
        (
            "{junit}",
            "{out}",
            "tests.command",
            "nothing is known for {out}; known are {environment}, {junit},",
        ),
        ("{out}", "{venv}", "build.command", "nothing is known for {venv}"),
        (
            "{environment}",
            "{venv}",
            "run.env.NOTES_GREETING",
            "known are {environment}, {public_url}, {state}",
        ),
    ],
)
def test_a_name_without_a_value_there_is_named(old: str, new: str, key: str, words: str) -> None:
    ((found, complaint),) = misspelled(spec(old, new))
    assert found == key
    assert words in complaint


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ('[security.sandbox]\nseed = ["{venv}/seed", "{prot}"]\n', "security.sandbox.seed"),
        ('[security.sandbox]\nenv = { A = "{venv}" }\n', "security.sandbox.env.A"),
        ('[security.rotation]\nsteps = [["{venv}/keys"], ["{url}"]]\n', "security.rotation.steps"),
    ],
)
def test_commands_of_the_sandbox_know_the_names_of_a_release(table: str, key: str) -> None:
    text = (SOURCE / "hotelctl.toml").read_text() + "\n" + table
    ((found, _),) = misspelled(ServiceSpec.model_validate(tomllib.loads(text)))
    assert found == key


@pytest.mark.parametrize("key", ["command", "down_command", "model_check"])
def test_commands_of_migrations_know_the_names_of_a_release(key: str) -> None:
    old = 'directory = "migrations"\n'
    assert list(misspelled(spec(old, f'{old}{key} = ["{{venv}}/up"]\n'))) == []
    ((found, _),) = misspelled(spec(old, f'{old}{key} = ["{{port}}/up"]\n'))
    assert found == f"migrations.{key}"


@pytest.mark.parametrize(("build", "wrong"), [(True, "url"), (False, "venv")])
def test_a_check_of_an_outside_service_knows_the_names_of_a_release_where_one_is_built(
    *, build: bool, wrong: str
) -> None:
    raw = tomllib.loads((SOURCE / "hotelctl.toml").read_text())
    if not build:
        del raw["build"]
    raw["external"] = {"mail": {"check": ["{python}", "{services}", f"{{{wrong}}}"]}}
    ((found, complaint),) = misspelled(ServiceSpec.model_validate(raw))
    assert found == "external.mail.check"
    assert f"nothing is known for {{{wrong}}}" in complaint
