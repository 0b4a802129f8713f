import json
import logging
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from hotelctl.app import logs
from hotelctl.app.identity import Identity
from hotelctl.app.logs import Event, RequestRecord, current_request, log


def _lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_line_has_time_level_event_instance_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    identity = Identity()
    logs.configure(identity)
    log().info(Event.READY, msg="ready")
    (line,) = _lines(capsys)
    assert datetime.fromisoformat(line.pop("ts")).tzinfo
    assert line == {
        "level": "info",
        "event": "ready",
        "msg": "ready",
        "instance_id": identity.instance_id,
        "version": identity.version,
    }


def test_a_line_within_a_request_names_it(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(Identity())
    token = current_request.set(RequestRecord("r-1", "192.0.2.1"))
    log().info(Event.ACCESS)
    current_request.reset(token)
    assert _lines(capsys)[0]["request_id"] == "r-1"


def test_an_error_is_its_type_and_places_without_any_value(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(Identity())

    def fail(value: str) -> None:
        raise ValueError(value)

    with pytest.raises(ValueError, match="s3cr3t") as caught:
        fail("s3cr3t")
    log().error(Event.CRASHED, exc_info=caught.value)
    (line,) = _lines(capsys)
    assert line["exception"]["type"] == "ValueError"
    assert "test_logs.py" in line["exception"]["frames"][0]
    assert "s3cr3t" not in json.dumps(line)


def test_values_that_a_library_writes_out_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(Identity())
    told = "Task exception was never retrieved\nfuture: <Task exception=ValueError('s3cr3t')>"
    record = logging.makeLogRecord({"name": "asyncio", "levelno": logging.ERROR, "msg": told})
    logs._LibraryLines().handle(record)
    (line,) = _lines(capsys)
    assert line["msg"] == "Task exception was never retrieved"
    assert "s3cr3t" not in json.dumps(line)


def test_the_page_for_operators_names_every_event() -> None:
    page = (Path(__file__).parents[2] / "docs" / "service" / "operations.md").read_text(encoding="utf-8")
    table = page.partition("| events |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    assert sorted(re.findall(r"`(\w+)`", " ".join(rows))) == sorted(Event)


def test_a_library_line_is_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(Identity())
    record = logging.makeLogRecord(
        {"name": "lib", "levelno": logging.WARNING, "msg": "odd %s", "args": ("x",)}
    )
    logs._LibraryLines().handle(record)
    (line,) = _lines(capsys)
    assert (line["event"], line["logger"], line["msg"], line["level"]) == (
        "library",
        "lib",
        "odd x",
        "warning",
    )
