import hashlib

from hotelctl.core.seal import digest, report_digest


def test_it_stands_on_the_canonical_form_and_not_on_itself() -> None:
    canonical = b'{"a":[1,{"digest":"kept"}],"b":"\\u00e9"}'
    wanted = "sha256:" + hashlib.sha256(canonical).hexdigest()
    made = {"b": "é", "a": [1, {"digest": "kept"}]}
    assert digest(made) == digest({"digest": "x", **made}) == wanted
    assert digest({**made, "b": "e"}) != wanted


def test_the_digest_of_a_report_is_that_of_before_it_was_signed_off() -> None:
    unsigned = {"id": "a", "signoffs": []}
    assert report_digest({**unsigned, "signoffs": [{"name": "bela"}]}) == digest(unsigned)
    assert report_digest({**unsigned, "id": "b"}) != digest(unsigned)
