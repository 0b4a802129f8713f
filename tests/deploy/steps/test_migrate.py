import pytest

from hotelctl.core.progress import Silent
from hotelctl.deploy.journal import Outcome
from tests.deploy import town_command
from tests.deploy.town_command import Command
from tests.deploy.town_state import COMMIT_B, deployed


def test_how_far_it_is_is_told_in_the_rehearsal_and_on_the_real_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: dict[str, list[str]] = {}

    class Listening(Silent):
        step = ""

        def began(self, n: int, total: int, name: str, title: str) -> None:
            assert (n <= total, bool(title)) == (True, True)
            Listening.step = name

        def said(self, text: str) -> None:
            told.setdefault(Listening.step, []).append(text)

    town = deployed()
    town.head = "0002.sql"
    monkeypatch.setattr(town_command, "Silent", Listening)
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.SUCCEEDED
    moving = "CREATE INDEX public.t: building index"
    assert [name for name, lines in told.items() if moving in lines] == ["prove", "migrate"]
