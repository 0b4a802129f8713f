import psycopg
import pytest

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.services.jobs import runner
from hotelctl.app.services.jobs.registry import BY_NAME
from hotelctl.app.services.service import Service
from tests.app.people import HOTEL_A

pytestmark = [pytest.mark.database, pytest.mark.anyio]


async def test_an_overdue_ticket_is_noted_once_and_again_when_its_new_time_ran_out(
    service: Service, hotels: str
) -> None:
    with psycopg.connect(hotels) as connection:
        for number, (status, due) in enumerate(
            [("OPEN", -1), ("WAITING_RESPONSE", -1), ("RESOLVED", -1), ("OPEN", 60)]
        ):
            connection.execute(
                "INSERT INTO tickets (id, hotel_id, number, title, source, status, due_at)"
                " VALUES (%s, %s, %s, 'Tap leaks', 'MANUAL', %s, now() + make_interval(mins => %s))",
                (uuid7(), HOTEL_A, number, status, due),
            )
    assert (await runner.run(service.db, BY_NAME["sla"]))["tickets_overdue"] == 2
    assert (await runner.run(service.db, BY_NAME["sla"]))["tickets_overdue"] == 0
    with psycopg.connect(hotels) as connection:
        said = connection.execute("SELECT author_kind, visibility FROM ticket_comments").fetchall()
        runs = connection.execute(
            "SELECT w.workflow, w.status, t.number, w.steps, w.duration_ms >= 0 FROM workflow_executions w"
            " JOIN tickets t ON t.id = w.trigger_id ORDER BY 3"
        ).fetchall()
        trail = connection.execute("SELECT DISTINCT action, actor_kind FROM audit_events").fetchall()
        connection.execute("UPDATE tickets SET due_at = clock_timestamp() WHERE number = 0")
    assert said == [("system", "INTERNAL")] * 2
    assert [run[:3] for run in runs] == [("ticket_sla", "success", 0), ("ticket_sla", "success", 1)]
    assert [[step["name"] for step in run[3]] for run in runs] == [["comment", "trail"]] * 2
    assert all(run[4] and run[3][0]["ms"] > 0 for run in runs)
    assert trail == [("ticket.overdue", "system")]
    assert (await runner.run(service.db, BY_NAME["sla"]))["tickets_overdue"] == 1
