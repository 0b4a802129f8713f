import json

import pytest

from hotelctl.config.service import Secrets
from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Completed
from hotelctl.facts.leaks import members, token
from hotelctl.facts.scanner import SCANNERS

_PLANTED = "planted-by-hotelctl.txt"
_VALUE = "c04557ada7b80777e7e166da929dbc7f533e003e"


def kingfisher(*found: tuple[str, str, str], files: dict[str, bytes], planted: bool = True) -> Completed:
    """What kingfisher says of an archive of these, and of what is planted there."""
    every = [*found, ("betterleaks.github-pat", _PLANTED, token(_PLANTED))][: None if planted else -1]
    findings = [
        {
            "rule": {"id": rule},
            "finding": {"path": f"t.tar!{path}", "line": 1, "snippet": value, "confidence": "medium"},
        }
        for rule, path, value in every
    ]
    read = [len(content) for content in members(files).values()]
    answer = {
        "findings": findings,
        "audit": {"summary": {"scan_succeeded": 1, "scan_partial": 0, "scan_failed": 0}},
        "metadata": {
            "summary": {"findings": len(every), "blobs_scanned": len(read), "bytes_scanned": sum(read)}
        },
    }
    return Completed((), 200 if every else 0, json.dumps(answer), "", False, 0.1, "ev-1")  # noqa: FBT003


def test_a_service_chooses_among_those_that_there_are() -> None:
    assert set(Secrets.model_json_schema()["properties"]["scanner"]["enum"]) == set(SCANNERS)
    assert {name: scanner.program for name, scanner in SCANNERS.items()} == dict(
        zip(SCANNERS, SCANNERS, strict=True)
    )


def test_what_kingfisher_finds_is_held_to_what_the_files_say() -> None:
    files = {
        "a.json": f'{{"cacheKey": "{_VALUE}"}}\n'.encode(),
        "b.json": f'{{"apiKey": "{_VALUE}"}}\n'.encode(),
    }
    found = [("betterleaks.generic-api-key", name, _VALUE) for name in files]
    told = SCANNERS["kingfisher"].answered(kingfisher(*found, files=files), "t.tar", files)
    assert [one["location"]["path"] for one in told] == ["t.tar!b.json"]


def test_a_kingfisher_that_does_not_find_what_was_planted_is_not_believed() -> None:
    with pytest.raises(Unavailable, match="kingfisher did not find a secret that was planted"):
        SCANNERS["kingfisher"].answered(kingfisher(files={}, planted=False), "t.tar", {})
