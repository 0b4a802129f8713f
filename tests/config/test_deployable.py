import tomllib
from pathlib import Path
from typing import Any

import pytest

from hotelctl.config.deployable import is_deployable, require_deployable
from hotelctl.config.environment import Environment
from hotelctl.config.load import Configuration, Source, drafted
from hotelctl.config.service import ServiceSpec
from hotelctl.core.errors import UsageError
from tests.config.test_load import MINIMAL


def configured(*left_out: str, **more: Any) -> Configuration:  # noqa: ANN401 - tables of the service file
    whole = tomllib.loads(MINIMAL) | {"tests": {"command": ["test"]}}
    raw = {key: value for key, value in whole.items() if key not in left_out} | more
    spec = ServiceSpec.model_validate(raw)
    return Configuration(spec, "local", Environment(), Path("/project"), Source("hotelctl.toml"), {})


def test_a_whole_file_is_enough() -> None:
    require_deployable(configured())
    assert is_deployable(configured())
    assert is_deployable(configured(migrations={"kind": "sql", "directory": "m"}))


@pytest.mark.parametrize("part", ["build", "run", "health"])
def test_each_part_that_a_deploy_needs_is_named(part: str) -> None:
    with pytest.raises(UsageError, match=rf"^hotelctl\.toml: a deploy needs \[{part}\], which is not there$"):
        require_deployable(configured(part))
    assert not is_deployable(configured(part))


def test_a_deploy_runs_the_tests_itself() -> None:
    for changed in (configured("tests"), configured(tests={"results": ["junit.xml"]})):
        with pytest.raises(UsageError, match=r"needs tests\.command"):
            require_deployable(changed)


def test_all_that_is_missing_is_one_line() -> None:
    migrations = {"kind": "alembic", "directory": "m"}
    with pytest.raises(
        UsageError, match=r"\[build\], \[run\], \[health\] and migrations\.command, which are not"
    ):
        require_deployable(configured("build", "run", "health", migrations=migrations))


def test_without_a_file_nothing_is_deployable() -> None:
    assert not is_deployable(drafted(MINIMAL, Path("/project"), "local"))


@pytest.mark.parametrize("kind", ["prisma", "flyway"])
def test_migrations_of_another_tool_are_judged_and_not_deployed(kind: str) -> None:
    with pytest.raises(UsageError, match=r"needs a migrations\.kind that it applies \(alembic or sql\)"):
        require_deployable(configured(migrations={"kind": kind, "directory": "m"}))
