from datetime import UTC, datetime, timedelta

import pytest

from hotelctl.app.domain.tickets import (
    FINAL_STATUSES,
    LONGEST_SLA_MINUTES,
    OPEN_STATUSES,
    SHORTEST_SLA_MINUTES,
    Priority,
    TicketStatus,
    due_at,
    may_become,
    sla_minutes,
)


def test_from_an_end_nothing_leads_back_and_what_is_resolved_can_be_closed_or_reopened() -> None:
    for end in FINAL_STATUSES:
        assert [status for status in TicketStatus if may_become(end, status)] == [end]
    assert {status for status in TicketStatus if may_become(TicketStatus.RESOLVED, status)} == {
        TicketStatus.RESOLVED,
        TicketStatus.IN_PROGRESS,
        TicketStatus.CLOSED,
    }


@pytest.mark.parametrize("status", sorted(OPEN_STATUSES))
def test_what_is_open_is_resolved_before_it_is_closed(status: TicketStatus) -> None:
    assert may_become(status, TicketStatus.RESOLVED)
    assert may_become(status, TicketStatus.CANCELLED)
    assert not may_become(status, TicketStatus.CLOSED)


def test_more_urgent_means_sooner_and_within_the_bounds() -> None:
    times = [sla_minutes(priority) for priority in Priority]
    assert times == sorted(times, reverse=True)
    assert all(SHORTEST_SLA_MINUTES <= minutes <= LONGEST_SLA_MINUTES for minutes in times)
    made = datetime(2026, 1, 31, 23, 50, tzinfo=UTC)
    assert due_at(made, 30) == made + timedelta(minutes=30)
