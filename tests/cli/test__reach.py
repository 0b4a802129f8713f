from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hotelctl.cli._reach import Machinery, machinery, unreached
from hotelctl.config.service import Health
from hotelctl.deploy.targets import lock
from hotelctl.deploy.targets.places import Places
from tests.fakes.http import FakeHttp

SPEC = Health(live="/live", ready="/ready", version="/version", commit_field="git_sha")
URL = "http://127.0.0.1:8123/version"
ALL = Machinery(supervisor=True, edge=True, port=8123)
COMMIT = "a" * 40


@pytest.mark.parametrize(
    ("status", "body", "took_s", "said"),
    [
        (200, {"git_sha": COMMIT}, 0.1, None),
        (200, {"git_sha": "b" * 40}, 0.1, f"port 8123 runs another commit: {'b' * 40}"),
        (200, {"sha": COMMIT}, 0.1, "port 8123 does not say which commit runs"),
        (200, "<html>", 0.1, "port 8123 does not say which commit runs"),
        (502, "", 0.1, "/version on port 8123 answered 502"),
        (None, "", 0.1, "nothing listens on port 8123"),
        (200, {"git_sha": COMMIT}, 9, "port 8123: no answer within 2 s"),
    ],
)
def test_who_cannot_be_reached_says_why(
    status: int | None,
    body: Any,  # noqa: ANN401 - JSON is any shape
    took_s: float,
    said: str | None,
) -> None:
    http = FakeHttp()
    http.answer("GET", URL, status, body, duration_s=took_s)
    assert unreached(SPEC, ALL, 8123, COMMIT, http) == said


def test_another_program_on_the_port_is_not_the_edge() -> None:
    http = FakeHttp()
    http.answer("GET", URL, 200, {"git_sha": COMMIT})
    said = unreached(SPEC, replace(ALL, edge=False), 8123, COMMIT, http)
    assert said == "the edge does not run, and another program answers on port 8123"


def test_what_runs_is_told_by_the_kernel(tmp_path: Path) -> None:
    assert machinery(tmp_path) == Machinery(supervisor=False, edge=False, port=None)
    places = Places(tmp_path)
    places.make()
    assert lock.take(places.supervisor / "lock") is not None
    found = machinery(tmp_path)
    assert (found.supervisor, found.edge, found.whole) == (True, False, False)
