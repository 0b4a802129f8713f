"""An exchange of the signing key while people work on two instances."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

import httpx
import jwt
import psycopg
import pytest

from tests.app.people import HOTEL_A, PASSWORD, add_user
from tests.app_system.instances import Instance

pytestmark = pytest.mark.system
_PEOPLE = 6
_PATIENCE_S = 60
# Twenty in a minute is the limit of an address, and a slow machine takes most of one.
_RENEWED_AFTER_S = 2.5
_PAUSE_S = 0.05


class _Person:
    """Works on both instances by turns; a refused token stands in `refused`."""

    def __init__(self, instances: list[Instance], number: int) -> None:
        self._from = {"X-Forwarded-For": f"203.0.113.{number}"}
        self.refused: list[str] = []
        self.kids: set[str] = set()
        self.requests = self.renewals = 0
        self._bases = cycle([instance.base_url for instance in instances])
        credentials = {"email": f"person{number}@alpha.example", "password": PASSWORD}
        answer = httpx.post(next(self._bases) + "/api/auth/login", json=credentials, timeout=_PATIENCE_S)
        answer.raise_for_status()
        self._take(answer.json())

    def _take(self, tokens: dict[str, str]) -> None:
        self._tokens = tokens
        self.kid = str(jwt.get_unverified_header(tokens["access_token"])["kid"])
        self.kids.add(self.kid)
        self.renewals += 1

    def work(self, stop: threading.Event) -> None:
        with httpx.Client(headers=self._from, timeout=_PATIENCE_S) as client:
            while not stop.is_set():
                renewed_s = time.monotonic()
                while time.monotonic() - renewed_s < _RENEWED_AFTER_S:
                    self._ask(client)
                    time.sleep(_PAUSE_S)
                self._renew(client)

    def _ask(self, client: httpx.Client) -> bool:
        """Whether it was taken."""
        headers = {"Authorization": f"Bearer {self._tokens['access_token']}"}
        answer = client.get(next(self._bases) + "/api/protected", headers=headers)
        self._note(answer)
        return answer.status_code == 200

    def _renew(self, client: httpx.Client) -> None:
        body = {"refresh_token": self._tokens["refresh_token"]}
        answer = client.post(next(self._bases) + "/api/auth/refresh", json=body)
        self._note(answer)
        if answer.status_code == 200:
            self._take(answer.json())

    def _note(self, answer: httpx.Response) -> None:
        self.requests += 1
        if answer.status_code != 200:
            self.refused.append(f"{answer.request.url} {answer.text}")


@contextmanager
def _at_work(people: list[_Person]) -> Iterator[None]:
    stop = threading.Event()
    with ThreadPoolExecutor(len(people)) as pool:
        working = [pool.submit(person.work, stop) for person in people]
        try:
            yield
        finally:
            stop.set()
    for one in working:
        one.result()


def _chore(environment: dict[str, str], step: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", "hotelctl.app.chores", "keyring", step],
        env={**os.environ, **environment},
        check=True,
        capture_output=True,
    )
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(_PAUSE_S)


def _noticed(instances: list[Instance], active: str, *others: str) -> None:
    """Return when every instance, asked all the time, signs with this key and knows these others."""

    def known(instance: Instance) -> bool:
        changes = instance.events("keyring_changed")
        return bool(changes) and (changes[-1]["active"], set(changes[-1]["keys"])) == (
            active,
            {active, *others},
        )

    _until(lambda: all(map(known, instances)))


def _renewed(people: list[_Person], kid: str) -> None:
    """Return when everybody has renewed what they have since now, and that is of this key."""
    before = [person.renewals for person in people]
    _until(lambda: all(one.kid == kid and one.renewals > n for one, n in zip(people, before, strict=True)))


def _hour_passes(directory: Path) -> None:
    """The files look old enough for the next step."""
    moment = time.time() - 3600
    for path in directory.iterdir():
        os.utime(path, (moment, moment))


@pytest.fixture
def people(instances: list[Instance], owner_url: str) -> list[_Person]:
    """Each with a user and an address of their own, as limits count both."""
    with psycopg.connect(owner_url) as connection:
        for number in range(_PEOPLE):
            add_user(connection, HOTEL_A, f"person{number}@alpha.example", "staff")
    return [_Person(instances, number) for number in range(_PEOPLE)]


def test_nobody_is_logged_out_by_an_exchange_under_load(
    instances: list[Instance], environment: dict[str, str], people: list[_Person]
) -> None:
    directory = Path(environment["HOTEL_KEYRING"])
    old = str(_chore(environment, "show")["active"])
    with _at_work(people):
        new = str(_chore(environment, "publish")["published"])
        _noticed(instances, old, new)
        _hour_passes(directory)
        _chore(environment, "switch")
        _noticed(instances, new, old)
        _renewed(people, new)
        _hour_passes(directory)
        assert _chore(environment, "retire") == {"retired": [old]}
        _noticed(instances, new)
        _renewed(people, new)
    assert [person.refused for person in people] == [[]] * _PEOPLE
    assert min(person.requests for person in people) > 20
    assert all(person.kids == {old, new} for person in people)


def test_a_swap_in_one_step_logs_everybody_out(people: list[_Person], environment: dict[str, str]) -> None:
    directory = Path(environment["HOTEL_KEYRING"])
    person = people[0]
    for path in directory.iterdir():
        path.unlink()
    _chore(environment, "init")
    with httpx.Client(timeout=_PATIENCE_S) as client:
        # Each instance looks once a second, when it is asked.
        _until(lambda: not person._ask(client))
    assert len(person.refused) == 1
    assert "unauthenticated" in person.refused[0]
