import hashlib

from hotelctl.core.seal import digest


def test_it_stands_on_the_canonical_form_and_not_on_itself() -> None:
    canonical = b'{"a":[1,{"digest":"kept"}],"b":"\\u00e9"}'
    wanted = "sha256:" + hashlib.sha256(canonical).hexdigest()
    made = {"b": "é", "a": [1, {"digest": "kept"}]}
    assert digest(made) == digest({"digest": "x", **made}) == wanted
    assert digest({**made, "b": "e"}) != wanted
