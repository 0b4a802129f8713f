import re
import tomllib
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from hotelctl.config import service
from hotelctl.config.environment import Environment
from hotelctl.config.service import Run, ServiceSpec, SmokeStep
from hotelctl.config.table import Table
from hotelctl.core.errors import UsageError
from tests.config.test_load import MINIMAL

_MIGRATIONS = {"kind": "sql", "directory": "m"}


def spec(**changes: Any) -> ServiceSpec:  # noqa: ANN401 - tables of the service file
    return ServiceSpec.model_validate(tomllib.loads(MINIMAL) | changes)


def test_four_tables_are_enough_and_the_rest_has_its_defaults() -> None:
    made = spec()
    assert (made.tests, made.database, made.migrations, made.smoke.workflow) == (None, None, None, ())
    assert (made.retention.releases, made.retention.backups, made.health.ready_passes) == (3, 5, 3)
    assert (made.run.stop_timeout_s, made.run.clean_exit) == (20, (0, -15, 143))
    local = Environment()
    assert (local.profile, local.port, local.watch.window_s, local.watch.max_error_share) == (
        "ci",
        8080,
        5,
        0.05,
    )


@pytest.mark.parametrize("missing", ["schema", "service"])
def test_each_of_the_tables_is_needed(missing: str) -> None:
    raw = tomllib.loads(MINIMAL)
    del raw[missing]
    with pytest.raises(ValidationError, match=missing):
        ServiceSpec.model_validate(raw)


@pytest.mark.parametrize("part", ["build", "run", "health"])
def test_what_only_a_deploy_needs_may_be_missing_until_it_is_asked_for(part: str) -> None:
    raw = tomllib.loads(MINIMAL)
    del raw[part]
    made = ServiceSpec.model_validate(raw)
    assert made.variables == {}
    with pytest.raises(UsageError, match=rf"the service file has no \[{part}\]"):
        getattr(made, part)


def test_every_table_refuses_unknown_keys_and_is_frozen() -> None:
    tables = [
        kind for kind in vars(service).values() if isinstance(kind, type) and issubclass(kind, BaseModel)
    ]
    for table in tables:
        assert table is BaseModel or (issubclass(table, Table) and table.model_config["extra"] == "forbid")
    with pytest.raises(ValidationError, match="frozen"):
        setattr(spec(), "tests", None)  # noqa: B010 - what mypy would refuse is the question


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("environments", {"x": {"port": 0}}),
        ("environments", {"x": {"port": 65_536}}),
        ("environments", {"x": {"profile": "prod"}}),
        ("environments", {"x": {"watch": {"window_s": 7201}}}),
        ("environments", {"x": {"watch": {"max_error_share": 1.1}}}),
        ("environments", {"x": {"backups": {"store": "s3://"}}}),
        ("environments", {"x": {"backups": {"store": "s3://bucket/a//b"}}}),
        ("environments", {"x": {"backups": {"store": "s3://bucket/../b"}}}),
        ("environments", {"x": {"backups": {"store": "s3://key:secret@bucket/a"}}}),
        ("environments", {"x": {"backups": {"store": "gs://bucket"}}}),
        ("environments", {"x": {"backups": {"endpoint": "https://s3.example.com"}}}),
        (
            "environments",
            {"x": {"backups": {"store": "s3://bucket", "endpoint": "https://a:b@s3.example.com"}}},
        ),
        ("environments", {"x": {"backups": {"store": "s3://bucket", "endpoint": "http://exa_mple..com"}}}),
        ("environments", {"x": {"backups": {"store": "s3://bucket", "endpoint": "http://exa_mple.com"}}}),
        ("environments", {"x": {"backups": {"store": "s3://bucket", "endpoint": "http://-a.com"}}}),
        ("environments", {"x": {"backups": {"store": "s3://bucket", "endpoint": "http://["}}}),
        ("environments", {"x": {"backups": {"store": "s3://bucket", "endpoint": "http://[::1"}}}),
        ("environments", {"x": {"backups": {"store": "s3://bucket", "endpoint": "http://a:65536"}}}),
        ("environments", {"x": {"backups": {"store": "s3://bucket", "endpoint": "http://a:0"}}}),
        ("environments", {"x": {"backups": {"store": "s3://bucket", "endpoint": "http://a:"}}}),
        ("environments", {"x": {"backups": {"store": "s3://bucket", "endpoint": "http://a/b"}}}),
        ("retention", {"releases": 0}),
        ("retention", {"backups": 101}),
        ("backups", {"recipients": ["AGE-SECRET-KEY-1"]}),
        ("backups", {"recipients": ["age1 x"]}),
        ("backups", {"identity_env": "not a name"}),
        ("backups", {"compression": "lz4"}),
        ("backups", {"compression": "gzip", "level": 10}),
        ("backups", {"level": 5}),
        ("backups", {"compression": "zstd", "level": 0}),
        ("backups", {"compression": "zstd", "level": 23}),
        ("database", {"runtime_role": "App"}),
        ("database", {"runtime_role": 'a"; DROP'}),
        ("migrations", {"kind": "liquibase", "directory": "m"}),
        ("migrations", {**_MIGRATIONS, "preflight": "sometimes"}),
        ("migrations", {**_MIGRATIONS, "lock_limit_s": 0}),
        ("migrations", {**_MIGRATIONS, "duration_limit_s": -1}),
        ("migrations", {**_MIGRATIONS, "wal_limit_bytes": 0}),
        ("smoke", {"workflow": [{"name": "x", "step": []}]}),
        ("run", {"command": []}),
        ("run", {"command": ["x"], "prepare": [[]]}),
        ("run", {"command": ["x"], "drain_signal": "SIGKILL"}),
        ("run", {"command": ["x"], "ready_timeout_s": 0}),
        ("security", {"pages": []}),
        ("security", {"pages": ["about"]}),
        ("security", {"protected": ["/mine"]}),
        ("security", {"log_in": [{"request": "POST /x", "refused": 200}]}),
        ("security", {"limit": [{"request": "POST /x", "allowed": 0}]}),
        ("security", {"rotation": {"wait_s": 121}}),
        ("security", {"certificate_days": 366}),
        ("service", {"name": "-x", "title": "t"}),
        ("service", {"name": "x" * 42, "title": "t"}),
    ],
    ids=str,
)
def test_values_out_of_their_range_are_refused(table: str, values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=table):
        spec(**{table: values})


@pytest.mark.parametrize("host", ["s3.example.com", "localhost:9000", "127.0.0.1:65535", "[::1]:9000"])
def test_an_endpoint_is_a_host_with_or_without_a_port(host: str) -> None:
    place = {"store": "s3://bucket", "endpoint": f"http://{host}"}
    assert spec(environments={"x": {"backups": place}}).environments["x"].backups.endpoint == f"http://{host}"


def test_migrations_have_limits_where_nothing_is_said_and_ask_no_live_rows_elsewhere() -> None:
    made = spec(migrations=_MIGRATIONS).migrations
    assert made is not None
    assert (made.lock_limit_s, made.duration_limit_s, made.wal_limit_bytes) == (5, 900, 10_000_000_000)
    assert (made.preflight, made.preflight_url_env, made.shadow_url_env) == (None, None, None)
    assert made.down_command == ()
    own = {"lock_limit_s": 0.5, "preflight": "live", "shadow_url_env": "SHADOW", "down_command": ["down"]}
    said = spec(migrations={**_MIGRATIONS, **own}).migrations
    assert said is not None
    assert (said.lock_limit_s, said.preflight, said.shadow_url_env) == (0.5, "live", "SHADOW")
    assert said.down_command == ("down",)


def test_a_shadow_is_on_a_server_that_is_named_or_in_a_container_but_not_both() -> None:
    said = spec(migrations={**_MIGRATIONS, "shadow_image": "postgis/postgis:17-3.5"}).migrations
    assert said is not None
    assert said.shadow_image == "postgis/postgis:17-3.5"
    with pytest.raises(ValidationError, match="shadow_url_env or shadow_image, not both"):
        spec(migrations={**_MIGRATIONS, "shadow_image": "a:1", "shadow_url_env": "SHADOW"})
    with pytest.raises(ValidationError, match="shadow_image"):
        spec(migrations={**_MIGRATIONS, "shadow_image": "a b"})


@pytest.mark.parametrize("request_line", ["GET /", "DELETE /a/{b}?c=d", "HEAD /x"])
def test_a_request_is_a_method_and_a_path(request_line: str) -> None:
    assert SmokeStep(request=request_line).status == 200


@pytest.mark.parametrize("request_line", ["GET", "get /", "GET x", "GET /a b", "BREW /", " GET /", "GET /\n"])
def test_anything_else_is_no_request(request_line: str) -> None:
    with pytest.raises(ValidationError, match="request"):
        SmokeStep(request=request_line)


def test_the_names_in_the_file_are_those_of_the_format() -> None:
    step = SmokeStep.model_validate({"request": "POST /", "json": {"a": [1, {"b": None}]}})
    assert step.json_body == {"a": [1, {"b": None}]}
    assert spec().schema_ == "hotelctl.service/1"
    with pytest.raises(ValidationError, match="json_body"):
        SmokeStep.model_validate({"request": "POST /", "json_body": {}})


def test_limits_in_seconds_say_so_in_their_names() -> None:
    numbers = [name for name in Run.model_fields if re.search("timeout|window", name)]
    assert numbers == ["ready_timeout_s", "stop_timeout_s"]


@pytest.mark.parametrize("tests", [{}, {"command": ["test"], "results": ["junit.xml"]}])
def test_tests_are_run_or_read_and_not_both(tests: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="needs either command or results"):
        spec(tests=tests)


def test_files_of_the_environment_have_one_spelling() -> None:
    said = {"contract": "./env.toml", "example": "conf//.env.example", "files": ["./.env", "a/../.env.local"]}
    env = spec(env=said).env
    assert (env.contract, env.example, env.files) == ("env.toml", "conf/.env.example", (".env", ".env.local"))
    assert Environment.model_validate({"env_files": ["./.env", "/etc/app/./env"]}).env_files == (
        ".env",
        "/etc/app/env",
    )
    with pytest.raises(ValidationError):
        spec(env={"files": [""]})
