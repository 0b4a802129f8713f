from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict

from hotelctl.config.load import Configuration, load
from hotelctl.config.release_env import (
    compose,
    database_identity,
    declared_keys,
    env_files,
    leads_to,
    with_database,
    with_role,
)
from hotelctl.core.errors import UsageError
from tests.config.test_load import MINIMAL, written

VALUES = {"state": "/s", "environment": "staging", "public_url": "https://x"}
RUN = '[run.env]\nMODE = "{environment}"\nHOME_URL = "{public_url}/h"\n'
ENV = '[env]\ncontract = "env.toml"\nfiles = [".env", ".env.local"]\n'
STAGING = '[environments.staging]\nenv_files = [".env.staging"]\n'
CONTRACT = "[keys.TOKEN]\nsecret = true\n[keys.COLOUR]\n[keys.MODE]\nsecret = false\n"


def configured(
    place: Path, text: str = RUN + ENV + STAGING, contract: str | bytes = CONTRACT
) -> Configuration:
    written(place, contract, "env.toml")
    written(place, MINIMAL + text)
    return load(place, None, "staging")


def test_values_of_the_service_file_are_filled(tmp_path: Path) -> None:
    assert compose(configured(tmp_path), VALUES, {}) == {"MODE": "staging", "HOME_URL": "https://x/h"}


def test_later_sources_win(tmp_path: Path) -> None:
    configuration = configured(tmp_path)
    sources = []
    for name in (".env", ".env.local", ".env.staging"):
        written(tmp_path, f"MODE={name}\n", name)
        sources.append(compose(configuration, VALUES, {})["MODE"])
    sources.append(compose(configuration, VALUES, {"MODE": "process"})["MODE"])
    assert sources == [".env", ".env.local", ".env.staging", "process"]


def test_of_the_process_environment_only_what_somebody_names_passes(tmp_path: Path) -> None:
    written(tmp_path, "EXTRA=file\n", ".env")
    environ = {"TOKEN": "t", "EXTRA": "process", "HOME_URL": "", "PATH": "/bin", "DATABASE_URL": "d"}
    found = compose(configured(tmp_path), VALUES, environ)
    assert found == {"TOKEN": "t", "EXTRA": "process", "HOME_URL": "", "MODE": "staging"}


def test_the_database_is_named_by_the_service_file(tmp_path: Path) -> None:
    configuration = configured(tmp_path, '[database]\nurl_env = "LIVE_URL"\n' + STAGING)
    assert compose(configuration, VALUES, {"LIVE_URL": "u", "DATABASE_URL": "d"}) == {"LIVE_URL": "u"}


def test_env_files_are_read_as_their_readers_do(tmp_path: Path) -> None:
    text = "\ufeffexport A='x y' # no\nB=\"1\\n2\"\nC=${A}!\nMODE\n# D=1\n"
    written(tmp_path, text, ".env.local")
    found = compose(configured(tmp_path), VALUES, {})
    assert (found["A"], found["B"], found["C"], found["MODE"]) == ("x y", "1\n2", "x y!", "staging")
    assert "D" not in found


def test_files_that_are_not_there_are_left_out(tmp_path: Path) -> None:
    written(tmp_path, "", ".env.staging")
    written(tmp_path, "", ".env")
    (tmp_path / ".env.local").mkdir()
    assert [path.name for path in env_files(configured(tmp_path))] == [".env", ".env.staging"]


def test_no_byte_of_an_env_file_is_lost_for_the_check_that_judges_them(tmp_path: Path) -> None:
    written(tmp_path, b"TOKEN=hunter2\xff\n", ".env")
    value = compose(configured(tmp_path), VALUES, {})["TOKEN"]
    assert value.encode("utf-8", "surrogateescape") == b"hunter2\xff"


def test_a_template_name_without_a_value_is_refused_with_its_setting(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"run\.env\.HOME_URL: nothing is known for \{public_url\}"):
        compose(configured(tmp_path), {"environment": "x"}, {})


def test_the_contract_tells_all_keys_and_the_secret_ones(tmp_path: Path) -> None:
    keys, secret = declared_keys(configured(tmp_path))
    assert keys == {"TOKEN", "COLOUR", "MODE"}
    assert secret == {"TOKEN"}


def test_without_a_contract_nothing_is_declared(tmp_path: Path) -> None:
    configuration = configured(tmp_path, STAGING)
    assert declared_keys(configuration) == (frozenset(), frozenset())
    assert compose(configuration, VALUES, {"TOKEN": "t"}) == {}


def test_a_contract_that_is_not_there_is_refused_where_it_is_named(tmp_path: Path) -> None:
    configuration = configured(tmp_path)
    (tmp_path / "env.toml").unlink()
    with pytest.raises(UsageError, match=r"hotelctl\.toml:19: env\.contract names env\.toml, which is not"):
        declared_keys(configuration)


@pytest.mark.parametrize("contract", ["[keys", b"\xff", "keys = 3"])
def test_a_contract_that_cannot_be_read_is_refused(tmp_path: Path, contract: str | bytes) -> None:
    with pytest.raises(UsageError, match=r"^env\.toml: "):
        declared_keys(configured(tmp_path, contract=contract))


URLS = (
    "postgresql://owner:pw@db.example:5433/live?sslmode=require",
    "postgresql://owner@[::1]/live",
    "postgresql://owner:p%40w@%2Frun%2Fpg/live",
    "postgresql://owner:p[w@db.example/live",
    "postgresql:///live?host=/run/pg&port=5433",
    "postgresql:///live?host=/run/pg&user=owner&password=pw",
    "postgresql://db.example/live",
    "postgresql://db.example",
)


def parts(url: str) -> dict[str, str]:
    """What libpq itself understands."""
    return {name: str(value) for name, value in conninfo_to_dict(url).items() if value}


@pytest.mark.parametrize("url", URLS)
@settings(max_examples=30)
@given(password=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
@example(password="p@:/ ?#%[&=\\é")
def test_a_release_enters_the_same_database_as_its_own_role(url: str, password: str) -> None:
    before, after = parts(url), parts(with_role(url, "app_role", password))
    assert (after.pop("user"), after.pop("password")) == ("app_role", password)
    assert after == {name: value for name, value in before.items() if name not in ("user", "password")}


@pytest.mark.parametrize("url", [*URLS, "postgresql://u@h/live?dbname=other"])
@settings(max_examples=30)
@given(name=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
@example(name="a/b ?#%&")
def test_another_database_is_on_the_same_server_by_the_same_role(url: str, name: str) -> None:
    before, after = parts(url), parts(with_database(url, name))
    assert after.pop("dbname") == name
    assert after == {key: value for key, value in before.items() if key != "dbname"}


def test_the_scheme_of_a_driver_stays() -> None:
    assert with_role("postgresql+psycopg://o:p@h/d", "r", "x") == "postgresql+psycopg://r:x@h/d"
    assert with_database("postgresql+psycopg://o:p@h/d", "e") == "postgresql+psycopg://o:p@h/e"


@pytest.mark.parametrize(
    ("url", "same", "other"),
    [
        ("postgresql://a:b@h:5432/d", "postgresql://x:y@h:5432/d?user=z", "postgresql://a:b@h:5432/e"),
        ("postgresql://u@/d?host=/run/a", "postgresql://v:w@/d?host=/run/a", "postgresql://u@/d?host=/run/b"),
    ],
)
def test_a_database_is_the_same_whoever_enters_it(url: str, same: str, other: str) -> None:
    assert database_identity(url) == database_identity(same) != database_identity(other)


@pytest.mark.parametrize(
    ("value", "url", "leads"),
    [
        ("postgresql+psycopg://a@h/d", "postgresql://b:p@H:5432/d", True),
        ("jdbc:postgresql://h:5432/d?user=a", "postgresql://h/d", True),
        ("postgresql://localhost/d", "postgresql://u@127.0.0.1/d", True),
        ("postgresql://[::1]:5432/d", "postgresql:///d", True),
        ("postgresql://a,h:5433/d", "postgresql://h:5433/d", True),
        ("postgresql://u@/d?host=h&port=5433", "postgresql://h:5433/d", True),
        ("postgresql://%2Frun%2Fa/d", "postgresql:///d?host=/run/a", True),
        ("postgresql://h/d%20e", "postgresql://h/d e", True),
        ("postgresql://h:5433/d", "postgresql://h/d", False),
        ("postgresql://h/e", "postgresql://h/d", False),
        ("postgresql://i/d", "postgresql://h/d", False),
        ("postgresql:///d?host=/run/a", "postgresql:///d?host=/run/b", False),
        ("https://h/d", "postgresql://h/d", False),
        ("amqp://u:p@h/d", "postgresql://h/d", False),
        ("mysql://h:5432/d", "postgresql://h/d", True),
        ("h/d", "postgresql://h/d", False),
    ],
)
def test_two_spellings_of_one_database_lead_to_it(value: str, url: str, *, leads: bool) -> None:
    assert leads_to(value, url) is leads


def test_values_that_the_caller_gave_win_over_all_others(tmp_path: Path) -> None:
    written(tmp_path, "TOKEN=file\n", ".env")
    given = replace(configured(tmp_path), given={"TOKEN": "given", "MORE": "x"})
    found = compose(given, VALUES, {"TOKEN": "process"})
    assert (found["TOKEN"], found["MORE"]) == ("given", "x")
