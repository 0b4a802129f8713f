"""What is an emergency and what only sounds like one. Figures: docs/accuracy-assistant.md."""

import time
from pathlib import Path

import pytest

from hotelctl.app.domain.assistant.emergencies import tells_of_emergency
from hotelctl.app.domain.assistant.language import LANGUAGES
from hotelctl.app.domain.assistant.wording import MAX_QUESTION, fold
from tests.app.alarm_accuracy import (
    ALARM_PARTS,
    LEAST_KNOWN,
    MOST_FALSE_ALARMS,
    SENTENCES,
    alarm_figures,
    raises_alarm,
)
from tests.app.assistant_accuracy import part_of

_PAGE = Path(__file__).parents[4] / "docs/accuracy-assistant.md"


@pytest.mark.parametrize(
    "text",
    [
        "There is a lot of smoke in the corridor!",
        "gas leak",
        "Call 911",
        "my friend passed out",
        "I think my son is choking",
        "There's a man with a knife",
        "I want to die",
        "The curtains are burning",
        "Es gibt Rauch auf dem Flur",
        "Ayuda, mi hijo no puede respirar",
        "Au secours, mon mari est tombé",
        "The fire exit is on fire",
    ],
)
def test_an_emergency_is_known_by_what_happens_and_to_whom(text: str) -> None:
    assert tells_of_emergency(fold(text))


@pytest.mark.parametrize(
    "text",
    [
        "Emergency exit location?",
        "It's not an emergency, but the tap drips",
        "I need the police station's opening hours",
        "Your wifi is on fire, great speed!",
        "Ma femme voudrait un couteau à steak",
        "We are trying to get into our room but the key card fails",
        "Can I buy a box of paracetamol?",
    ],
)
def test_what_only_sounds_like_one_raises_no_alarm(text: str) -> None:
    assert not tells_of_emergency(fold(text))


def test_the_measured_half_keeps_the_limits() -> None:
    measured = [one for one in SENTENCES if one["split"] == "measured"]
    counted = alarm_figures(measured)
    # Ids alone, so that reading a failure does not tempt anybody to tune on it.
    missed = [one["id"] for one in measured if raises_alarm(one) != one["emergency"]]
    assert counted.known_share >= LEAST_KNOWN, missed
    assert counted.false_share <= MOST_FALSE_ALARMS, missed


def test_the_set_is_large_enough_and_nobody_chose_what_is_measured() -> None:
    drawn = [one for one in SENTENCES if not one["id"].startswith(("seen-", "later-"))]
    assert [one["split"] for one in drawn] == [part_of(one["id"]) for one in drawn]
    assert {one["split"] for one in SENTENCES} == set(ALARM_PARTS)
    assert len({one["id"] for one in SENTENCES}) == len({one["text"] for one in SENTENCES}) == len(SENTENCES)
    assert {one["lang"] for one in SENTENCES} == set(LANGUAGES)
    counted = alarm_figures(one for one in drawn if one["split"] == "measured")
    assert min(counted.emergencies, counted.calm) >= 50


@pytest.mark.parametrize("words", ["my wife and he had the man with ", "el con mi ", "er mit ", "no "])
def test_the_longest_message_is_read_in_no_time(words: str) -> None:
    text = (words * MAX_QUESTION)[:MAX_QUESTION]
    began_s = time.process_time()
    tells_of_emergency(text)
    assert time.process_time() - began_s < 0.25
