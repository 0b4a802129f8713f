"""The probes as a deploy runs them: programs beside real instances."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from hotelctl.app import contract
from tests.app_system.instances import Instance, running
from tests.app_system.responses import Responses, Script

pytestmark = pytest.mark.system
_ROOT = Path(__file__).parents[2]


class Probing:
    """Runs the programs as the owner of the instances' database."""

    def __init__(self, environment: dict[str, str], owner_url: str) -> None:
        others = {name: value for name, value in os.environ.items() if name not in contract.variables()}
        runtime = environment["DATABASE_URL"]
        self._env = {
            **others,
            **environment,
            "DATABASE_URL": owner_url,
            "RUNTIME_DATABASE_URL": runtime,
        }
        self._owner_url = owner_url

    def run(self, what: str, instance: Instance, given: str = "") -> tuple[int, str]:
        """Exit code and what was printed."""
        argv = [sys.executable, "-m", "hotelctl.app.smoke", what, instance.base_url]
        done = subprocess.run(
            argv, cwd=_ROOT, env=self._env, input=given, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout or done.stderr

    def results(self, what: str, instance: Instance, given: str = "") -> dict[str, Any]:
        """Status and reason by name."""
        _, printed = self.run(what, instance, given)
        return {one["name"]: (one["status"], one["why"]) for one in json.loads(printed)["results"]}

    def left(self) -> int:
        """People of synthetic hotels."""
        with psycopg.connect(self._owner_url) as connection:
            row = connection.execute(
                "SELECT count(*) FROM users u JOIN hotels h ON h.id = u.hotel_id WHERE h.is_synthetic"
            ).fetchone()
        assert row is not None
        return int(row[0])


@pytest.fixture
def probing(environment: dict[str, str], hotels: str) -> Probing:
    return Probing(environment, hotels)


def test_all_probes_pass_and_leave_nobody(probing: Probing, instances: list[Instance]) -> None:
    found = probing.results("ask", instances[0])
    assert set(found.values()) == {("PASS", "")}
    assert probing.results("all", instances[0]) == {**found, "P7 carry-over": ("PASS", "")}
    assert probing.left() == 0


def test_outside_services_are_asked_by_a_program_of_its_own_and_none_is_no_pass(
    probing: Probing, instances: list[Instance]
) -> None:
    assert probing.results("outside", instances[0]) == {"P9 outside services": ("SKIP", "none is configured")}
    assert probing.left() == 0


def test_a_model_elsewhere_is_asked_in_that_run_and_in_no_other(
    environment: dict[str, str], hotels: str, tmp_path: Path
) -> None:
    with Responses() as server:
        keyed = {
            **environment,
            "OPENAI_API_KEY": "sk-test-0123456789",
            "OPENAI_MODEL": "some-model",
            "OPENAI_BASE_URL": server.url,
            "AI_PROVIDER": "openai",
        }
        probing = Probing(keyed, hotels)
        with running(keyed, tmp_path / "keyed.log") as instance:
            assert set(probing.results("ask", instance).values()) == {("PASS", "")}
            assert server.asked == []
            well = {"P9 openai": ("PASS", ""), "P9 model elsewhere": ("PASS", "")}
            assert probing.results("outside", instance) == well
            assert len(server.asked) == 1
            server.script = Script(status=401)
            ill = probing.results("outside", instance)
            assert probing.results("without", instance) == {"P9 no model elsewhere": ("PASS", "")}
        server.shutdown()
    assert ill["P9 openai"] == ("FAIL", "openai failed: unauthorized")
    assert ill["P9 model elsewhere"][0] == "FAIL"
    assert "reply.provider is 'local', must be 'openai'" in ill["P9 model elsewhere"][1]
    assert probing.left() == 0


def test_a_whole_run_between_issue_and_check_takes_nothing_from_it(
    probing: Probing, instances: list[Instance]
) -> None:
    one, two = instances
    _, issued = probing.run("issue", one)
    assert "P1 log-in" in probing.results("ask", one)
    assert probing.left() > 0
    assert probing.results("check", two, issued) == {"P7 carry-over": ("PASS", "")}
    assert probing.left() == 0


def test_what_one_process_issued_another_checks(probing: Probing, instances: list[Instance]) -> None:
    one, two = instances
    code, issued = probing.run("issue", one)
    assert code == 0
    assert probing.left() > 0
    assert probing.results("check", two, issued) == {"P7 carry-over": ("PASS", "")}
    assert probing.left() == 0
    assert probing.run("check", two, "{}") == (
        1,
        "smoke failed: what was issued before the switch cannot be read\n",
    )
    lost = probing.results("check", two, issued)["P7 carry-over"]
    assert lost[0] == "FAIL"
    assert "answered 401" in lost[1]


def test_an_instance_that_is_not_there_is_an_error_and_no_pass(
    probing: Probing, instances: list[Instance], tmp_path: Path
) -> None:
    gone = Instance("http://127.0.0.1:9", tmp_path / "none", instances[0].process)
    code, printed = probing.run("ask", gone)
    assert code == 1
    found = {one["name"]: one["status"] for one in json.loads(printed)["results"]}
    assert found["P0 identity"] == "ERROR"
    assert "PASS" not in found.values()


def test_with_the_operators_token_the_instance_says_on_which_database_it_is(
    environment: dict[str, str], hotels: str, tmp_path: Path
) -> None:
    own, other = ({**environment, "OPS_TOKEN": letter * 32} for letter in "op")
    with running(own, tmp_path / "service.log") as instance:
        assert Probing(own, hotels).results("ask", instance)["P0 identity"] == ("PASS", "")
        refused = Probing(other, hotels).results("ask", instance)["P0 identity"]
    assert refused == ("FAIL", "GET /api/health/db: the answer lacks serial")
