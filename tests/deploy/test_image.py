"""The image of a commit: asked for once, called by version and commit, forgotten when it is taken back."""

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest

from hotelctl.config.environment import Environment
from hotelctl.config.load import Configuration
from hotelctl.config.service import Retention, ServiceSpec
from hotelctl.core.check import Stage
from hotelctl.core.errors import StepFailed
from hotelctl.deploy import image, source
from hotelctl.deploy.journal import Outcome
from hotelctl.deploy.layout import Layout
from hotelctl.deploy.operation import Operation
from hotelctl.deploy.release import Release
from tests.deploy import town_command
from tests.deploy.town import SPEC, STATE, Town
from tests.deploy.town_command import Command
from tests.deploy.town_state import COMMIT_A, COMMIT_B
from tests.fakes.image_builds import FakeBuilds

_SHORT = COMMIT_A[:12]
_DOCKERFILE = "ARG BASE=debian\nFROM ${BASE}\nARG VERSION=0 COMMIT\n"


def _configured(**docker: Any) -> Configuration:  # noqa: ANN401 - settings of the table
    spec = ServiceSpec.model_validate({**SPEC, "docker": {"build": True, **docker}})
    return replace(town_command._CONFIGURATION, spec=spec)


def _town(text: str = _DOCKERFILE) -> Town:
    town = Town()
    town.sources["Dockerfile"] = text
    return town


def _operation(town: Town, **docker: Any) -> Operation:  # noqa: ANN401 - see above
    return replace(Command(town).operation("d1", COMMIT_A), configuration=_configured(**docker))


def _made(operation: Operation) -> str:
    return image.made(operation, source.export(operation)).digest


def test_it_is_called_by_version_and_commit_and_by_the_version() -> None:
    town = _town()
    made = _made(_operation(town))
    assert town.builds.names == {f"town:1.0-{_SHORT}": made, "town:1.0": made}


def test_it_may_be_called_otherwise() -> None:
    town = _town()
    _made(_operation(town, repository="registry.example.org:5000/acme/town"))
    assert f"registry.example.org:5000/acme/town:1.0-{_SHORT}" in town.builds.names


def test_a_repeat_finds_it_and_builds_nothing() -> None:
    town = _town()
    assert _made(_operation(town)) == _made(_operation(town))
    assert len(town.builds.recipes) == 1


def test_asked_for_otherwise_it_is_built_anew() -> None:
    town = _town()
    assert _made(_operation(town)) != _made(_operation(town, args={"BASE": "debian@sha256:0"}))
    assert [one.args.get("BASE") for one in town.builds.recipes] == [None, "debian@sha256:0"]


def test_only_arguments_that_are_declared_are_given_and_the_labels_always() -> None:
    town = _town()
    _made(_operation(town, source="https://example.org/town"))
    (recipe,) = town.builds.recipes
    assert recipe.args == {"VERSION": "1.0", "COMMIT": COMMIT_A}
    labels = {name.rpartition(".")[2]: value for name, value in recipe.labels.items()}
    assert labels["revision"] == COMMIT_A
    assert labels["version"] == "1.0"
    assert labels["source"] == "https://example.org/town"
    assert labels["created"].endswith("+00:00")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("FRUM debian\n", "the image cannot be built: Dockerfile"),
    ],
)
def test_what_cannot_be_built_is_refused_with_its_line(text: str, words: str) -> None:
    with pytest.raises(StepFailed, match=words):
        _made(_operation(_town(text)))


def test_what_only_buildkit_knows_is_said_to_whoever_builds() -> None:
    plain, other = _town(), _town("FROM debian\nRUN --mount=type=cache,target=/c make\n")
    _made(_operation(plain))
    _made(_operation(other))
    assert [one.needs_buildkit for town in (plain, other) for one in town.builds.recipes] == [False, True]


def test_without_a_dockerfile_in_the_commit_it_says_so() -> None:
    with pytest.raises(StepFailed, match="Dockerfile is not in the commit"):
        _made(_operation(Town()))


def test_taken_back_its_names_are_gone() -> None:
    town = _town()
    operation = _operation(town)
    _made(operation)
    assert image.forgotten(operation) == f"; image town:1.0-{_SHORT} removed"
    assert town.builds.names == {}
    assert image.forgotten(operation) == "", "a repeat finds nothing to do"


def test_taken_back_it_stays_where_another_environment_has_a_release_of_it() -> None:
    town = _town()
    operation = _operation(town)
    made = _made(operation)
    there = Release("s1", "1.0", COMMIT_A, "artifact/x.whl", "0", None, {}, made)
    manifest = Layout(STATE.parent / "staging").manifest("s1")
    town.files.write_durable(manifest, json.dumps(there.to_json()).encode())
    assert image.forgotten(operation) == ""
    assert f"town:1.0-{_SHORT}" in town.builds.names


def test_a_deploy_pins_the_image_and_one_that_is_taken_back_leaves_the_version_to_the_former(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(town_command, "_CONFIGURATION", _configured())
    town = _town()
    assert Command(town).deploy("d1", COMMIT_A) is Outcome.SUCCEEDED
    (first,) = town.builds.images
    town.broken = {"rehearse"}
    assert Command(town).deploy("d2", COMMIT_B) is not Outcome.SUCCEEDED
    assert len(town.builds.images) == 2, "it was built"
    assert town.builds.names == {f"town:1.0-{_SHORT}": first, "town:1.0": first}
    former = Command(town).operation("d2").former()
    assert isinstance(former, Release)
    assert former.image == first


def test_an_image_that_is_deployed_again_outlives_the_taking_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(town_command, "_CONFIGURATION", _configured())
    town = _town()
    assert Command(town).deploy("d1", COMMIT_A) is Outcome.SUCCEEDED
    before = dict(town.builds.names)
    town.broken = {"rehearse"}
    assert Command(town).deploy("d2", COMMIT_A) is not Outcome.SUCCEEDED
    assert town.builds.names == before


def test_an_environment_that_serves_from_containers_needs_no_other_word() -> None:
    town = _town()
    plain = Command(town).operation("d1", COMMIT_A)
    there = replace(plain.configuration, environment=Environment(target="docker"))
    assert not image.is_wanted(plain)
    assert image.is_wanted(replace(plain, configuration=there))


def test_what_was_judged_is_pushed_under_both_names(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = _configured(push=True, repository="registry.example.org/town")
    monkeypatch.setattr(town_command, "_CONFIGURATION", changed)
    town = _town()
    command = Command(town)
    assert command.deploy("d1", COMMIT_A) is Outcome.SUCCEEDED
    assert town.builds.pushed == [f"registry.example.org/town:1.0-{_SHORT}", "registry.example.org/town:1.0"]
    assert str(command.operation("d1").result("build")["pushed"]).startswith("sha256:")


def test_the_bill_of_its_materials_lies_with_the_release(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(town_command, "_CONFIGURATION", _configured())
    town = _town()
    town.builds.files["lib/apk/db/installed"] = b"P:musl\nV:1.2.5-r0\n"
    command = Command(town)
    assert command.deploy("d1", COMMIT_A) is Outcome.SUCCEEDED
    written = town.files.read(Layout(STATE).bill("d1"))
    done = command.operation("d1").result("build")
    assert done["materials"] == {
        "path": "sbom.cdx.json",
        "sha256": hashlib.sha256(written).hexdigest(),
        "materials": 1,
    }
    assert "image " in done["summary"]
    assert "of 5 MB, 1 packages" in done["summary"]
    assert [one["purl"] for one in json.loads(written)["components"]] == ["pkg:apk/alpine/musl@1.2.5-r0"]
    assert town.builds.forgotten == 1


def test_what_fails_its_judgement_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(town_command, "_CONFIGURATION", _configured(push=True))
    town = _town()
    assert Command(town, failing=Stage.BUILD).deploy("d1", COMMIT_A) is Outcome.STOPPED
    assert town.builds.recipes
    assert not town.builds.pushed


def test_what_served_before_is_called_previous(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(town_command, "_CONFIGURATION", _configured())
    town = _town()
    assert Command(town).deploy("d1", COMMIT_A) is Outcome.SUCCEEDED
    (first,) = town.builds.images
    assert "town:previous" not in town.builds.names
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.SUCCEEDED
    assert town.builds.names["town:previous"] == first
    second = town.builds.names["town:1.0"]
    assert Command(town).rollback("r1") is Outcome.SUCCEEDED
    assert town.builds.names["town:previous"] == second


def test_images_go_with_their_releases_but_for_those_that_others_run(monkeypatch: pytest.MonkeyPatch) -> None:
    configured = _configured()
    few = configured.spec.model_copy(update={"retention": Retention(releases=1)})
    monkeypatch.setattr(town_command, "_CONFIGURATION", replace(configured, spec=few))
    town = _town()
    commits = (COMMIT_A, COMMIT_B, "c" * 40, "d" * 40)
    for number, commit in enumerate(commits, 1):
        assert Command(town).deploy(f"d{number}", commit) is Outcome.SUCCEEDED
    left = {name.rpartition(":")[2] for name in town.builds.names}
    assert left == {"1.0", "previous", f"1.0-{commits[2][:12]}", f"1.0-{commits[3][:12]}"}


def test_an_engine_that_refuses_to_tidy_up_is_told_and_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(town_command, "_CONFIGURATION", _configured())
    town = _town()
    assert Command(town).deploy("d1", COMMIT_A) is Outcome.SUCCEEDED
    town.builds.broken = "previous"
    command = Command(town)
    assert command.deploy("d2", COMMIT_B) is Outcome.SUCCEEDED
    assert (
        "nothing is called town:previous: the engine is away"
        in command.operation("d2").result("finish")["notes"]
    )


def test_a_build_is_taken_back_where_the_engine_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_builds: FakeBuilds, _name: str) -> None:
        raise StepFailed("the engine is away")

    monkeypatch.setattr(town_command, "_CONFIGURATION", _configured())
    town = _town()
    monkeypatch.setattr(FakeBuilds, "named", away)
    assert Command(town).deploy("d1", COMMIT_A) is Outcome.STOPPED
    assert not town.serving()


def test_a_build_that_fails_takes_the_release_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(town_command, "_CONFIGURATION", _configured())
    town = _town()
    town.builds.refuses = "no room"
    assert Command(town).deploy("d1", COMMIT_A) is Outcome.STOPPED
    assert not town.serving()


def test_the_image_of_a_release_that_retention_removes_goes_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    town = _town()
    configured = _configured()
    spec = configured.spec.model_copy(update={"retention": Retention(releases=1)})
    monkeypatch.setattr(town_command, "_CONFIGURATION", replace(configured, spec=spec))
    command = Command(town)
    assert command.deploy("d1", COMMIT_A) is Outcome.SUCCEEDED
    own = f"town:1.0-{_SHORT}"
    first = town.builds.names[own]
    elsewhere = replace(Release.from_json(command.operation("d1").result("build")["release"]), id="x")
    for name, commit in (("d2", COMMIT_B), ("d3", COMMIT_A), ("d4", COMMIT_B)):
        assert command.deploy(name, commit) is Outcome.SUCCEEDED
        assert own in town.builds.names, f"{name}: it serves, or is the way back"
    town.files.write_durable(
        Layout(STATE.parent / "staging").manifest("x"), json.dumps(elsewhere.to_json()).encode()
    )
    for name in ("d5", "d6"):
        town.sources["README.md"] = name
        assert command.deploy(name, hashlib.sha1(name.encode()).hexdigest()) is Outcome.SUCCEEDED  # noqa: S324
    assert town.builds.names[own] == first, "another environment has a release of it"
    operation = command.operation("d6")
    town.files.remove(Layout(STATE.parent / "staging").release("x"))
    assert image.let_go(operation, (elsewhere,)) == ()
    assert own not in town.builds.names
    assert f"town:1.0-{COMMIT_B[:12]}" not in town.builds.names
    assert town.builds.names["town:1.0"], "the newest one is kept"
    town.builds.names["former.example.org/town:1.0"] = first
    (told,) = image.let_go(operation, (elsewhere,))
    assert told.startswith(f"image {own} is not tidied away: {first[:19]} has other names")
    assert town.builds.names["former.example.org/town:1.0"] == first
