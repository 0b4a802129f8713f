import re
from typing import Any

import httpx
import psycopg
import pytest

from hotelctl.app.api.body_limit import IMPORT_BYTES
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.callers import Headers
from tests.app.forms import filled_in

pytestmark = [pytest.mark.database, pytest.mark.anyio, pytest.mark.usefixtures("hotels")]
_API = "/api/knowledge/import"
_GOOD = "title,body\nPool,The pool opens at 8:00.\nSauna,The sauna opens at 15:00.\n"
_BAD = "title,body\nPool,The pool opens at 8:00.\n,nameless\n"


@pytest.fixture
async def manager(service: Service) -> Headers:
    return await callers.page(service)


def _rows(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


async def _send(
    client: httpx.AsyncClient, headers: Headers, content: str | bytes, **more: str
) -> httpx.Response:
    typed = {"Content-Type": "text/csv; charset=utf-8", **headers, **more}
    return await client.post(_API, content=content, headers=typed)


async def _answer_to(client: httpx.AsyncClient, manager: Headers, question: str) -> str:
    tried = await client.post("/api/knowledge/test", json={"question": question}, headers=manager)
    return str(tried.json()["answer"])


async def test_a_file_is_entries_a_run_and_a_line_in_the_trail(
    client: httpx.AsyncClient, manager: Headers, owner_url: str
) -> None:
    answer = await _send(client, manager, _GOOD)
    assert (answer.status_code, answer.json()["entries"]) == (201, 2)
    run_id = answer.json()["workflow_id"]
    runs = _rows(
        owner_url,
        "SELECT id::text, workflow, status, jsonb_path_query_array(steps, '$[*].name'), user_id IS NOT NULL"
        " FROM workflow_executions",
    )
    assert runs == [(run_id, "kb_import", "success", ["read", "write"], True)]
    trail = _rows(
        owner_url, "SELECT object_id::text, after FROM audit_events WHERE action = 'knowledge.import'"
    )
    assert trail == [(run_id, {"entries": 2})]
    assert await _answer_to(client, manager, "When does the sauna open?") == "The sauna opens at 15:00."


async def test_one_wrong_line_and_nothing_is_written_but_the_run_that_failed(
    client: httpx.AsyncClient, manager: Headers, owner_url: str
) -> None:
    answer = await _send(client, manager, _BAD)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert [error["loc"] for error in answer.json()["errors"]] == [["body", "line 3", "title"]]
    assert _rows(owner_url, "SELECT count(*) FROM knowledge_entries") == [(0,)]
    assert _rows(owner_url, "SELECT workflow, status, errors FROM workflow_executions") == [
        ("kb_import", "failed", {"read": "validation_failed"})
    ]
    assert _rows(owner_url, "SELECT count(*) FROM audit_events") == [(0,)]


async def test_a_repeat_with_the_key_imports_once(
    client: httpx.AsyncClient, manager: Headers, owner_url: str
) -> None:
    key = {"Idempotency-Key": "import-1"}
    first, again = [await _send(client, {**manager, **key}, _GOOD) for _ in range(2)]
    assert first.json() == again.json()
    assert _rows(owner_url, "SELECT count(*) FROM knowledge_entries") == [(2,)]


async def test_two_megabytes_are_read_and_not_a_byte_more(
    client: httpx.AsyncClient, manager: Headers
) -> None:
    line = "{" + '"title": "Pool", "body": "' + "x" * 7900 + '"}\n'
    content = line * (IMPORT_BYTES // len(line))
    padded = content + "\n" * (IMPORT_BYTES - len(content))
    headers = {**manager, "Content-Type": "application/x-ndjson"}
    answer = await client.post(_API, content=padded, headers=headers)
    assert (answer.status_code, answer.json()["entries"]) == (201, content.count("\n"))
    answer = await client.post(_API, content=padded + "\n", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "payload_too_large")


async def test_another_type_and_other_people_are_refused(
    client: httpx.AsyncClient, manager: Headers, service: Service
) -> None:
    answer = await _send(client, manager, _GOOD, **{"Content-Type": "text/plain"})
    assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["header", "Content-Type"])
    staff = await callers.page(service, "staff@alpha.example")
    assert (await _send(client, staff, _GOOD)).status_code == 403


async def _upload(client: httpx.AsyncClient, manager: Headers, name: str, content: str) -> httpx.Response:
    form = (await client.get("/admin/knowledge", headers=manager)).text
    csrf = re.findall(r'name="csrf" value="([^"]+)"', form)[-1]
    return await client.post(
        "/admin/knowledge/import",
        data={"csrf": csrf},
        files={"file": (name, content.encode())},
        headers=manager,
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [("hotel.csv", _GOOD), ("hotel.jsonl", '{"title": "Pool", "body": "The pool opens at 8:00."}\n')],
)
async def test_a_file_is_brought_on_the_page(
    name: str, content: str, client: httpx.AsyncClient, manager: Headers
) -> None:
    done = await _upload(client, manager, name, content)
    assert (done.status_code, done.headers["Location"]) == (303, "/admin/knowledge?said=imported")
    page = (await client.get(done.headers["Location"], headers=manager)).text
    assert "The file is imported." in page
    assert '<h3 dir="auto">Pool</h3>' in page


async def test_the_page_names_the_wrong_lines(
    client: httpx.AsyncClient, manager: Headers, owner_url: str
) -> None:
    refused = await _upload(client, manager, "hotel.csv", _BAD)
    assert refused.status_code == 422
    assert "Line 3, title" in refused.text
    assert "A title has 1 to 200 characters." in refused.text
    assert 'type="file"' in refused.text
    assert _rows(owner_url, "SELECT count(*) FROM knowledge_entries") == [(0,)]
    foreign = await client.post(
        "/admin/knowledge/import",
        data={"csrf": "x"},
        files={"file": ("hotel.csv", _GOOD.encode())},
        headers=manager,
    )
    assert foreign.status_code == 403


async def test_the_same_form_with_the_same_file_imports_once(
    client: httpx.AsyncClient, manager: Headers, owner_url: str
) -> None:
    page = (await client.get("/admin/knowledge", headers=manager)).text
    form = filled_in(page, "/admin/knowledge/import")
    assert form["once"]
    changed = _GOOD.replace("15:00", "16:00")
    for content in (_GOOD, _GOOD, changed, changed):
        sent = {"file": ("hotel.csv", content.encode())}
        done = await client.post("/admin/knowledge/import", data=form, files=sent, headers=manager)
        assert (done.status_code, done.headers["Location"]) == (303, "/admin/knowledge?said=imported")
    # Another file, if only of the same length, is another import.
    assert _rows(owner_url, "SELECT title, count(*) FROM knowledge_entries GROUP BY 1 ORDER BY 1") == [
        ("Pool", 2),
        ("Sauna", 2),
    ]
    assert _rows(owner_url, "SELECT count(*) FROM audit_events WHERE action = 'knowledge.import'") == [(2,)]
    assert _rows(owner_url, "SELECT count(*) FROM workflow_executions") == [(2,)]


async def test_a_form_whose_file_was_wrong_is_sent_again_with_a_good_one(
    client: httpx.AsyncClient, manager: Headers, owner_url: str
) -> None:
    refused = await _upload(client, manager, "hotel.csv", _BAD)
    form = filled_in(refused.text, "/admin/knowledge/import")
    for content, status in ((_BAD, 422), (_GOOD, 303)):
        sent = {"file": ("hotel.csv", content.encode())}
        done = await client.post("/admin/knowledge/import", data=form, files=sent, headers=manager)
        assert done.status_code == status
    assert _rows(owner_url, "SELECT count(*) FROM knowledge_entries") == [(2,)]
