import pytest

from hotelctl.app.domain.assistant.rooms import named_room


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("towels to room 305 please", "305"),
        ("Bitte Handtücher in Zimmer 12b.", "12B"),
        ("serviettes pour la chambre 8", "8"),
        ("toallas a la habitación número 210", "210"),
        ("room 305 and once more, Room 305", "305"),
        ("towels to room 305 and soap to room 306", None),
        ("room service please", None),
        ("2 towels", None),
        (f"room {'9' * 50}", None),
    ],
)
def test_the_only_room_with_a_number_is_the_one(text: str, label: str | None) -> None:
    assert named_room(text) == label
