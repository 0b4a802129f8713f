"""Where a container finds the database that this machine finds."""

from pathlib import Path

import pytest

from hotelctl.core.containers import Bind
from hotelctl.core.errors import StepFailed
from hotelctl.deploy.targets.contained_database import HERE, only_here, way


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://app:pw@db.example.org:5432/hotel",
        "postgresql://app@10.1.2.3/hotel?sslmode=require",
        "sqlite:///hotel.db",
        "no url at all",
    ],
)
def test_a_server_elsewhere_is_found_by_the_same_url(url: str) -> None:
    found = way(url)
    assert (found.url, found.binds, dict(found.hosts)) == (url, (), {})


@pytest.mark.parametrize(
    ("url", "there"),
    [
        ("postgresql://a:p@localhost:5433/x", f"postgresql://a:p@{HERE}:5433/x"),
        (
            "postgresql://a:p%40[@127.0.0.1/x?sslmode=disable",
            f"postgresql://a:p%40[@{HERE}/x?sslmode=disable",
        ),
        ("postgresql://a@[::1]:5432/x", f"postgresql://a@{HERE}:5432/x"),
        ("postgresql+psycopg:///x", f"postgresql+psycopg://{HERE}/x"),
        ("postgresql:///x?host=localhost&user=a", f"postgresql:///x?user=a&host={HERE}"),
    ],
)
def test_a_server_of_this_machine_is_found_by_the_name_that_containers_have_for_it(
    url: str, there: str
) -> None:
    found = way(url)
    assert found.url == there
    assert dict(found.hosts) == {HERE: "host-gateway"}


def test_a_directory_of_sockets_that_anybody_may_enter_is_given_whole(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    found = way(f"postgresql:///x?host={tmp_path}")
    assert found.binds == (Bind(str(tmp_path), str(tmp_path)),)


@pytest.mark.parametrize("port", ["5432", "5433"])
def test_of_a_private_directory_the_socket_alone_is_given_and_opened(tmp_path: Path, port: str) -> None:
    tmp_path.chmod(0o700)
    socket = tmp_path / f".s.PGSQL.{port}"
    socket.touch(0o600)
    more = "" if port == "5432" else f"&port={port}"
    found = way(f"postgresql://a@/x?host={tmp_path}{more}")
    assert found.binds == (Bind(str(socket), str(socket)),)
    assert socket.stat().st_mode & 0o777 == 0o777
    assert tmp_path.stat().st_mode & 0o777 == 0o700


def test_a_socket_in_the_hosts_place_of_the_url_is_understood(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert way(f"postgresql://{str(tmp_path).replace('/', '%2F')}/x").binds[0].source == str(tmp_path)


def test_a_socket_that_is_not_there_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with pytest.raises(StepFailed, match=r"socket .*PGSQL\.5432: No such file"):
        way(f"postgresql:///x?host={tmp_path}")


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("postgresql://a@db.example.org:5432/x", False),
        ("postgresql://a@10.1.2.3,10.1.2.4:5433/x", False),
        ("postgresql://a@localhost/x?hostaddr=10.1.2.3", False),
        ("postgresql://a:p,127.0.0.1@[2001:db8::7]:5432/x", False),
        ("sqlite:////srv/x.db", False),
        ("postgresql:///x", True),
        ("postgresql://a@%2Frun%2Fpg/x", True),
        ("postgresql:///x?host=/run/pg", True),
        ("postgresql://a@127.0.0.9:5432/x", True),
        ("postgresql://a@[::1]:5432/x", True),
        ("postgresql://a@db.example.org/x?hostaddr=127.0.0.1", True),
        ("postgresql:///x?hostaddr=127.0.0.1", True),
        ("postgresql://a@db.example.org:5432,localhost:5433/x", True),
        ("postgresql:///x?host=db.example.org,/run/pg", True),
        ("postgresql:///x?host=db.example.org:5432&host=localhost:5433", True),
        ("postgresql://a@one,two/x?hostaddr=10.1.2.3,127.0.0.1", True),
    ],
)
def test_a_server_that_other_machines_do_not_reach_is_known_in_every_place_that_names_one(
    url: str, *, here: bool
) -> None:
    assert only_here(url) is here
