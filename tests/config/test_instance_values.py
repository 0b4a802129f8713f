import sys
from pathlib import Path

from hotelctl.config.instance_values import instance_values
from hotelctl.config.template import fill_all


def test_a_command_may_name_the_release_its_place_and_where_it_is_reached() -> None:
    values = instance_values(Path("/r/1/venv"), 8001, Path("/s"), "staging", "https://notes.example")
    assert values == {
        "python": sys.executable,
        "venv": "/r/1/venv",
        "release": "/r/1",
        "port": "8001",
        "state": "/s",
        "environment": "staging",
        "public_url": "https://notes.example",
    }
    command = ["{venv}/bin/serve", "--port={port}", "--at", "{public_url}"]
    assert fill_all(command, values, "run.command") == (
        "/r/1/venv/bin/serve",
        "--port=8001",
        "--at",
        "https://notes.example",
    )
