import asyncio
import threading
import time

import pytest

from hotelctl.app.services.passwords import Passwords

pytestmark = pytest.mark.anyio


async def test_only_the_right_password_matches() -> None:
    passwords = Passwords(8)
    stored = await passwords.hash("right")
    assert stored.startswith("$argon2id$")
    assert await passwords.verify(stored, "right")
    assert not await passwords.verify(stored, "wrong")


async def test_an_unknown_user_is_refused_after_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    passwords = Passwords(8)
    hashed: list[str] = []
    work = passwords._matches

    def counted(stored: str, password: str) -> bool:
        hashed.append(stored)
        return work(stored, password)

    monkeypatch.setattr(passwords, "_matches", counted)
    assert not await passwords.verify(None, "anything")
    assert hashed == [passwords._dummy]
    assert hashed[0].split("$")[3] == "m=8,t=2,p=1"


async def test_never_more_hashes_at_once_than_there_are_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes megabytes: a crowd of strangers must not take the memory."""
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    passwords = Passwords(8)
    guard, at_once, most = threading.Lock(), 0, 0

    def slow(*_: str) -> bool:
        nonlocal at_once, most
        with guard:
            at_once += 1
            most = max(most, at_once)
        time.sleep(0.02)
        with guard:
            at_once -= 1
        return True

    monkeypatch.setattr(passwords, "_matches", slow)
    monkeypatch.setattr(passwords, "hash_now", slow)
    await asyncio.gather(
        *(passwords.verify("x", "y") for _ in range(12)), *(passwords.hash("y") for _ in range(12))
    )
    assert most == 3


async def test_a_damaged_hash_matches_nothing() -> None:
    assert not await Passwords(8).verify("nonsense", "x")


def test_a_hash_of_another_cost_is_outdated() -> None:
    stored = Passwords(8).hash_now("x")
    assert not Passwords(8).is_outdated(stored)
    assert Passwords(16).is_outdated(stored)
