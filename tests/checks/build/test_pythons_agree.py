from collections.abc import Mapping

import pytest

from hotelctl.checks.build.pythons_agree import pythons_agree as check
from hotelctl.core.errors import Unavailable
from hotelctl.facts.python_claims import PythonClaims
from tests.checks import made
from tests.house.tracked import ROOT
from tests.probes.worlds import World

WORKFLOW = ".github/workflows/ci.yml"
PROJECT = '[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.11,<3.14"\n'
STEP = "jobs:\n  t:\n    steps:\n      - uses: actions/setup-python@v5\n        with:\n"
STEP += "          python-version: {}\n"
MATRIX = "jobs:\n  t:\n    strategy:\n      matrix:\n        py: {}\n    steps:\n      - with:\n          "
MATRIX += "python-version: ${{{{ matrix.py }}}}\n"


def said(files: Mapping[str, str]) -> PythonClaims:
    """What a project of these files says."""
    world = World()
    for name, text in files.items():
        world.write(name, text)
    fact = world.fact(PythonClaims)
    assert isinstance(fact, PythonClaims)
    return fact


def found(**files: str) -> list[tuple[str, str]]:
    """Place and words of all findings; `ci`, `image`, `pyproject` and `local` are the files' contents."""
    names = {"ci": WORKFLOW, "image": "Dockerfile", "pyproject": "pyproject.toml", "local": ".python-version"}
    facts = said({names[key]: text for key, text in ({"pyproject": PROJECT} | files).items()})
    return [(str(one.location), one.message) for one in made.judged(check, facts)]


@pytest.mark.parametrize(
    "form", ['"3.12"', "'3.12.1'", "3.12", '["3.11", "3.12"]', "\n          - '3.12'\n          - '3.13'"]
)
def test_what_agrees_is_fine_in_every_way_to_write_it(form: str) -> None:
    image = "ARG PY=3.12\nFROM python:${PY}-slim AS build\nFROM build\n"
    assert found(ci=MATRIX.format(form), image=image, local="3.12.4\n") == []


def test_the_own_project_and_the_ready_workflow_are_fine() -> None:
    assert (
        found(
            ci=(ROOT / "docs/ci/github-workflow.yml").read_text(),
            pyproject=(ROOT / "pyproject.toml").read_text(),
        )
        == []
    )


def test_an_image_that_the_project_does_not_support_is_found() -> None:
    ((place, message),) = found(image="FROM python:3.14-slim\n")
    assert place == "Dockerfile:1"
    assert "requires" in message
    assert "pyproject.toml:4" in message


def test_an_image_that_no_job_tests_is_found() -> None:
    ((place, message),) = found(ci=STEP.format('"3.12"'), image="FROM python:3.13\n")
    assert (place, message.partition(": ")[2]) == (
        "Dockerfile:1",
        "the image runs Python 3.13; CI tests 3.12",
    )


def test_a_job_that_the_project_does_not_support_is_found_at_its_line() -> None:
    assert [place for place, _ in found(ci=MATRIX.format('["3.12", "3.9"]'))] == [f"{WORKFLOW}:5"]
    assert [place for place, _ in found(local="3.10\n")] == [".python-version:1"]


def test_a_number_without_quotes_that_yaml_shortens_is_found() -> None:
    project = PROJECT.replace("3.11", "3.10")
    ((place, message),) = found(ci=STEP.format("3.10"), pyproject=project)
    assert place == f"{WORKFLOW}:6"
    assert "without quotes as 3.1" in message
    assert found(ci=STEP.format('"3.10"'), pyproject=project) == []


def test_gitlab_and_older_projects_are_read_too() -> None:
    files = {
        "setup.py": "setup(name='a', python_requires='>=3.12')\n",
        ".gitlab-ci.yml": "test:\n  image: python:3.11\n",
    }
    (finding,) = made.judged(check, said(files))
    assert str(finding.location) == ".gitlab-ci.yml:2"
    assert "setup.py:1 requires >=3.12" in finding.message
    poetry = {"pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.11"\n', ".python-version": "3.11\n"}
    assert said(poetry).wanted in (">=3.11,<4", "<4,>=3.11")
    assert made.judged(check, said(poetry)) == []


def test_what_cannot_be_read_is_unknown_after_what_can() -> None:
    for files, words in (
        ({"ci": STEP.format("${{ inputs.python }}")}, "has no value in this file"),
        ({"image": "FROM debian:12\n"}, "does not say in its name"),
        ({"image": "ARG BASE\nFROM ${BASE}\n"}, "depends on what the build is given"),
    ):
        with pytest.raises(Unavailable, match=words):
            found(**files)


def test_one_voice_alone_is_no_question() -> None:
    world = World()
    world.write("pyproject.toml", PROJECT)
    assert world.why_not(PythonClaims).startswith("NotApplicable: no two of")


def test_the_image_of_a_service_in_another_language_says_nothing_of_python() -> None:
    world = World()
    world.write("Dockerfile", "FROM node:22-alpine\n")
    world.repository.commit("2" * 40, {"Dockerfile": "", "package.json": "{}"})
    assert world.why_not(PythonClaims).startswith("NotApplicable: no two of")
    world.repository.commit("3" * 40, {"Dockerfile": "", "requirements.txt": ""})
    assert "does not say in its name" in str(world.fact(PythonClaims).doubts)
