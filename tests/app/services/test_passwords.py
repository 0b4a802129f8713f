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


async def test_a_damaged_hash_matches_nothing() -> None:
    assert not await Passwords(8).verify("nonsense", "x")


def test_a_hash_of_another_cost_is_outdated() -> None:
    stored = Passwords(8).hash_now("x")
    assert not Passwords(8).is_outdated(stored)
    assert Passwords(16).is_outdated(stored)
