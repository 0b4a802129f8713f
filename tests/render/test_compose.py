from typing import Any

import pytest
import yaml

from hotelctl.config.service import ServiceSpec
from hotelctl.core.errors import UsageError
from hotelctl.facts.compose import parse_compose
from hotelctl.facts.composition import compose_of
from hotelctl.facts.env_contract import parse_contract
from hotelctl.render.compose import compose_text

_SPEC: dict[str, Any] = {
    "schema": "hotelctl.service/1",
    "service": {"name": "notes", "title": "Notes"},
    "run": {
        "command": ["serve"],
        "prepare": [["{venv}/bin/keys", "make", "{state}"], ["{venv}/bin/python", "-m", "notes.warm"]],
        "env": {"NOTES_PLACE": "{state}/notes", "NOTES_COST": "$5"},
        "stop_timeout_s": 7,
    },
    "docker": {"port": 9000, "state": "/srv/state"},
}
_WITH_DATABASE = {
    "database": {"url_env": "NOTES_DATABASE_URL", "runtime_role": "notes_app"},
    "migrations": {"kind": "alembic", "directory": "m", "command": ["{venv}/bin/python", "-m", "notes.up"]},
}
_CONTRACT = parse_contract(
    "env.toml",
    'schema = "hotelctl.env/1"\n'
    '[keys.NOTES_TOKEN]\ndocs = "x"\ntype = "str"\nsecret = true\nrequired = ["production"]\n'
    'example = "abc"\n'
    '[keys.NOTES_COLOUR]\ndocs = "x"\ntype = "str"\ndefault = "red"\n',
)


def _text(**changes: Any) -> str:  # noqa: ANN401 - tables of the file
    spec = ServiceSpec.model_validate({**_SPEC, **_WITH_DATABASE, **changes})
    return compose_text(spec, _CONTRACT, "notes:1.0", "Notes")


def _services(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - tables of the file
    found: dict[str, Any] = yaml.safe_load(_text(**changes))["services"]  # type: ignore[no-untyped-call]
    return found


def test_the_migration_is_a_service_of_its_own_before_all_others() -> None:
    services = _services()
    assert [*services] == ["migrate", "prepare", "prepare-2", "notes"]
    assert services["migrate"]["command"] == ["python", "-m", "notes.up"]
    assert "depends_on" not in services["migrate"]
    done = {"condition": "service_completed_successfully"}
    assert services["prepare-2"]["depends_on"] == {"migrate": done, "prepare": done}
    assert services["notes"]["depends_on"] == {"migrate": done, "prepare": done, "prepare-2": done}
    assert services["prepare"]["command"] == ["keys", "make", "/srv/state"]


def test_only_the_migration_enters_the_database_as_its_owner() -> None:
    services = _services()
    assert services["migrate"]["environment"]["NOTES_DATABASE_URL"].startswith("${OWNER_DATABASE_URL:?")
    assert services["notes"]["environment"]["NOTES_DATABASE_URL"] == (
        "${NOTES_DATABASE_URL:?the URL of the database of the role notes_app}"
    )


def test_no_value_of_a_secret_stands_in_it_and_what_is_required_is_refused_by_name() -> None:
    env = _services()["notes"]["environment"]
    assert env["NOTES_TOKEN"] == "${NOTES_TOKEN:?see the contract}"
    assert env["NOTES_COLOUR"] is None
    assert "abc" not in _text()


def test_values_of_the_service_file_are_not_read_as_variables() -> None:
    env = _services()["notes"]["environment"]
    assert env["NOTES_COST"] == "$$5"
    assert env["NOTES_PLACE"] == "/srv/state/notes"


def test_each_runs_closed_and_what_serves_on_loopback_until_somebody_says_otherwise() -> None:
    for one in _services().values():
        assert one["read_only"] is True
        assert one["cap_drop"] == ["ALL"]
        assert one["volumes"] == ["state:/srv/state"]
        assert one["image"] == "${IMAGE:-notes:1.0}"
    served = _services()["notes"]
    assert served["ports"] == ["${BIND:-127.0.0.1}:${PORT:-9000}:9000"]
    assert served["stop_grace_period"] == "7s"
    assert "disable" not in served["healthcheck"]


def test_migrations_that_hotelctl_applies_are_no_service_and_the_file_says_so() -> None:
    sql = {"kind": "sql", "directory": "migrations"}
    assert "migrate" not in _services(migrations=sql)
    assert "# hotelctl applies migrations of kind sql" in _text(migrations=sql)


def test_a_service_without_a_database_has_none() -> None:
    services = _services(database=None, migrations=None)
    assert [*services] == ["prepare", "prepare-2", "notes"]
    assert "NOTES_DATABASE_URL" not in services["notes"]["environment"]


def test_our_own_reader_of_compose_files_understands_it() -> None:
    text = parse_compose("compose.yaml", _text().encode())
    files = compose_of({"compose.yaml": text}, {})
    assert not files.doubts
    found = {one.name: one for one in files.compositions[0].services}
    assert [*found["notes"].ports] == [9000]
    assert {"NOTES_TOKEN", "NOTES_DATABASE_URL"} <= found["migrate"].sets.keys()


def test_what_no_container_has_is_refused() -> None:
    run = {**_SPEC["run"], "env": {"NOTES_TOOL": "{venv}/bin/tool"}}
    with pytest.raises(UsageError, match=r"run\.env\.NOTES_TOOL: nothing is known for \{venv\}"):
        _text(run=run)


@pytest.mark.parametrize(
    ("declared", "exposed", "port"),
    [('default = "7000"\n', 8000, 7000), ("", 8000, 8000), ("", None, 8080)],
)
def test_the_port_inside_is_the_service_s_own_and_the_one_outside_does_not_move_it(
    declared: str, exposed: int | None, port: int
) -> None:
    spec = ServiceSpec.model_validate({**_SPEC, "docker": {}})
    keys = f'schema = "hotelctl.env/1"\n[keys.PORT]\ndocs = "x"\ntype = "int"\n{declared}'
    text = compose_text(spec, parse_contract("env.toml", keys), "notes:1.0", "Notes", exposed)
    served = yaml.safe_load(text)["services"]["notes"]  # type: ignore[no-untyped-call]
    assert served["ports"] == [f"${{BIND:-127.0.0.1}}:${{PORT:-{port}}}:{port}"]
    assert served["environment"]["PORT"] == str(port)
    assert (f"{port} is a guess" in text) == (port == 8080)
