"""What a hotel knows, for tests: the entries of the evaluation, and single ones."""

import itertools
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from hotelctl.app.domain.ids import uuid7

DATA = Path(__file__).parents[1] / "data"
_COUNT = itertools.count()


def lines(name: str) -> list[dict[str, Any]]:
    """The objects of a file of the evaluation."""
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


def add_entry(connection: psycopg.Connection, hotel_id: UUID, title: str, **more: object) -> UUID:
    """The id of a new entry; its body is the title unless another is given."""
    entry_id = _next_id()
    row = {"body": title, "keywords": "", "lang": "english", "audience": "guest", **more}
    connection.execute(
        "INSERT INTO knowledge_entries (id, hotel_id, title, body, keywords, lang, audience)"
        " VALUES (%s, %s, %s, %s, %s, %s::regconfig, %s)",
        (entry_id, hotel_id, title, row["body"], row["keywords"], row["lang"], row["audience"]),
    )
    return entry_id


def _next_id() -> UUID:
    """Behind all earlier ones: the id decides between entries alike, and many are made in one millisecond."""
    counted = next(_COUNT) % (1 << 12) << 64
    return UUID(int=uuid7().int & ~(0xFFF << 64) | counted)


def add_evaluated_entries(connection: psycopg.Connection, hotel_id: UUID) -> dict[UUID, str]:
    """The hotel has all entries of the evaluation; the key of each by its id."""
    keys = {}
    for row in lines("assistant_kb.jsonl"):
        key = row.pop("key")
        keys[add_entry(connection, hotel_id, row.pop("title"), **row)] = key
    return keys
