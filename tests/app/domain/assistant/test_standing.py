import pytest

from hotelctl.app.domain.assistant.standing import Standing, asks_for_own, asks_for_room, ticket_number
from hotelctl.app.domain.assistant.wording import fold


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Ticket 12?", 12),
        ("what about #3", 3),
        ("ticket no. 4", 4),
        ("Ticket Nr. 5", 5),
        ("ticket 2147483648", 0),
        ("two tickets for the opera", None),
        ("room 12", None),
    ],
)
def test_a_ticket_is_named_by_its_number(text: str, number: int | None) -> None:
    assert ticket_number(fold(text)) == number


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Where is my order?", True),
        ("status of my maintenance request", True),
        ("My request is about the pool", False),
        ("What are your opening hours?", False),
        ("Wo bleibt meine Bestellung?", True),
        ("What did the guest next door order?", False),
    ],
)
def test_only_a_question_for_the_own_requests_is_one(text: str, asks: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert asks_for_own(fold(text)) is asks


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("open work orders for room 12", ("work_orders", "12")),
        ("Which tickets does room 3.04 have?", ("tickets", "3.04")),
        ("offene Auftr\u00e4ge f\u00fcr Zimmer 7", ("work_orders", "7")),
        ("make a work order for room 12", None),
        ("open the window in room 12", None),
        ("open work orders", None),
    ],
)
def test_what_is_open_in_a_room_is_asked_with_both(text: str, wanted: tuple[str, str] | None) -> None:
    assert asks_for_room(fold(text)) == wanted


def test_every_status_of_tickets_and_work_orders_has_a_word() -> None:
    assert Standing.of("WAITING_RESPONSE") is Standing.WAITING
    assert Standing.of("needs_confirmation") is Standing.OPEN
    assert {Standing.of(one) for one in ("RESOLVED", "CLOSED", "done")} == {Standing.DONE}
    assert Standing.of("CANCELLED") is Standing.of("cancelled") is Standing.CANCELLED
    assert Standing.of("in_progress") is Standing.of("IN_PROGRESS") is Standing.IN_PROGRESS
