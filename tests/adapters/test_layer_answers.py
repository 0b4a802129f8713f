from hotelctl.facts.image_layers import finds
from hotelctl.facts.layer_contents import CONTENTS
from hotelctl.facts.secret import Secret
from hotelctl.facts.secret_copies import NamedSecret
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
