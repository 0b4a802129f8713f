"""Layers are read once by a command, and those that an earlier one judged not at all."""

from pathlib import Path
from typing import Any

import pytest

from hotelctl.core.layers import Asked
from hotelctl.core.redact import Redactor
from hotelctl.facts.image_layers import LayerFinds, finds
from hotelctl.facts.layer_contents import CONTENTS
from hotelctl.facts.secret import Secret
from hotelctl.facts.secret_copies import NamedSecret
from tests.adapters.test_kept import Run
from tests.fakes.evidence import FakeEvidence
from tests.fakes.layers import FakeLayers, digest

_BASE, _APP = {"etc/a": b"1"}, {"srv/b": b"kX9vv7qLw2pQ84Tz", "srv/.env": b"A=1"}
_KNOWN = (NamedSecret(("LOGIN",), Secret("kX9vv7qLw2pQ84Tz")),)


def _marked(value: str) -> str:
    return f"[{len(value)}]"


def test_a_layer_is_read_once_for_all_questions_and_what_is_asked_again() -> None:
    layers, here = FakeLayers(FakeEvidence()), finds(_KNOWN, None, _marked)
    told = layers.answers([_BASE, _APP], (CONTENTS, here))
    assert [one.paths for one in told.of(CONTENTS)] == [("etc/a",), ("srv/b", "srv/.env")]
    assert [[found.path for found in one.found] for one in told.of(here)] == [[], ["srv/b", "srv/.env"]]
    again = layers.answers([_APP, _BASE], (finds(_KNOWN, None, _marked), CONTENTS))
    assert again.of(CONTENTS) == told.of(CONTENTS)[::-1]
    assert layers.reads == [digest(_BASE), digest(_APP)]


def test_only_a_layer_that_lacks_an_answer_is_read_again() -> None:
    layers = FakeLayers(FakeEvidence())
    layers.answers([_BASE], (CONTENTS,))
    layers.answers([_BASE, _APP], (CONTENTS,))
    layers.answers([_BASE, _APP], (CONTENTS, finds((), ".env", _marked)))
    layers.answers([_BASE, _APP], (CONTENTS, finds((), None, _marked)))
    assert layers.reads == [digest(one) for one in (_BASE, _APP, _BASE, _APP, _BASE, _APP)]


def test_who_asks_again_stands_on_the_record_of_the_reading() -> None:
    evidence = FakeEvidence()
    layers = FakeLayers(evidence)
    layers.answers([_BASE, _APP], (CONTENTS,))
    with evidence.scope() as ids:
        layers.answers([_APP], (CONTENTS,))
    (record,) = [one for one in evidence.records if one["id"] in ids]
    assert (record["operation"], record["layer"], record["files"]) == ("read", digest(_APP), 2)


def test_a_layer_that_comes_twice_is_read_once() -> None:
    layers = FakeLayers(FakeEvidence())
    assert len(layers.answers([_BASE, _APP, _BASE], (CONTENTS,)).of(CONTENTS)) == 3
    assert layers.reads == [digest(_BASE), digest(_APP)]


def _found(run: Run, questions: Asked, *layers: dict[str, bytes]) -> tuple[list[str], list[dict[str, Any]]]:
    """Which layers another command reads, and what it records of all that are asked about."""
    with run.command() as (kept, log):
        there = FakeLayers(log)
        with log.scope() as ids:
            there.answers(layers, questions, kept)
        return there.reads, [record for record, _ in log.told(ids)]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path)


def test_a_layer_that_an_earlier_command_judged_is_not_read_and_its_evidence_is_told_as_kept(
    run: Run,
) -> None:
    asked = (CONTENTS, finds(_KNOWN, None, _marked))
    assert _found(run, asked, _BASE)[0] == [digest(_BASE)]
    reads, records = _found(run, asked, _BASE, _APP)
    assert reads == [digest(_APP)]
    told = {one["layer"]: one.get("cached", {}).get("report") for one in records}
    assert told == {digest(_BASE): "r1", digest(_APP): None}
    reads, records = _found(run, asked, _BASE, _APP)
    assert (reads, [one["cached"]["report"] for one in records]) == ([], ["r1", "r2"])


def test_what_a_kept_layer_was_found_to_hold_is_found_again(run: Run) -> None:
    asked = finds(_KNOWN, None, _marked)
    had: list[tuple[LayerFinds, ...]] = []
    for _ in range(2):
        with run.command() as (kept, log):
            had.append(FakeLayers(log).answers([_APP], (asked, CONTENTS), kept).of(asked))
    assert had[0] == had[1]
    assert [one.path for one in had[1][0].found] == ["srv/b", "srv/.env"]


@pytest.mark.parametrize("changed", ["value", "name", "key", "example", "program"])
def test_a_layer_is_searched_again_when_anything_changed_that_its_verdict_follows_from(
    run: Run, changed: str
) -> None:
    mark = Redactor(b"key").mark
    _found(run, (finds(_KNOWN, None, mark),), _BASE)
    known: tuple[NamedSecret, ...] = _KNOWN
    example = None
    if changed == "value":
        known = (*_KNOWN, NamedSecret(("PEPPER",), Secret("Zt6-pW3.nB8_qL5")))
    elif changed == "name":
        known = (NamedSecret(("PEPPER",), _KNOWN[0].value),)
    elif changed == "key":
        mark = Redactor(b"other").mark
    elif changed == "example":
        example = ".env.example"
    else:
        run.identity = "hotelctl 2.0"
    assert _found(run, (finds(known, example, mark),), _BASE)[0] == [digest(_BASE)]
    assert _found(run, (finds(known, example, mark),), _BASE)[0] == []


def test_no_entry_holds_a_value_that_was_searched_for(run: Run) -> None:
    asked = finds(_KNOWN, None, Redactor(b"key").mark)
    _found(run, (CONTENTS, asked), _APP)
    assert len(run.entries) == 2
    assert not [path for path in run.entries if _KNOWN[0].value.reveal() in path.read_text()]


def test_a_layer_whose_answer_cannot_be_kept_is_read_by_each_command_and_once(run: Run) -> None:
    run.redactor.add("kX9vv7qLw2pQ84Tz")
    layer = {"srv/kX9vv7qLw2pQ84Tz": b"1"}
    with run.command() as (kept, log):
        there = FakeLayers(log)
        there.answers([layer], (CONTENTS,), kept)
        there.answers([layer], (CONTENTS,), kept)
        assert there.reads == [digest(layer)]
    assert run.entries == []
    assert _found(run, (CONTENTS,), layer)[0] == [digest(layer)]


def test_names_that_are_no_text_are_kept_as_they_are(run: Run) -> None:
    layer = {"srv/a\udcff": b"1"}
    _found(run, (CONTENTS,), layer)
    with run.command() as (kept, log):
        (told,) = FakeLayers(log).answers([layer], (CONTENTS,), kept).of(CONTENTS)
    assert told.paths == ("srv/a\udcff",)
