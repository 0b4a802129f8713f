import json
from typing import Any

import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Completed
from hotelctl.facts.bill_of_materials import components


def done(bill: Any, code: int | None = 0, **more: Any) -> Completed:  # noqa: ANN401 - JSON is any shape
    """How cyclonedx-py ended."""
    text = bill if isinstance(bill, str) else json.dumps(bill)
    return Completed(("cyclonedx-py",), code, text, "", more.pop("timed_out", False), 0.1, "ev-1", **more)


def bill(*components: dict[str, str]) -> dict[str, Any]:
    """A bill of materials of these components."""
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": list(components)}


def test_every_library_has_its_version_whatever_its_spelling() -> None:
    found = components(done(bill({"name": "Rich_Text", "version": "15.0"}, {"name": "a", "version": "1"})))
    assert {name: str(version) for name, version in found.items()} == {"rich-text": "15.0", "a": "1"}


@pytest.mark.parametrize(
    ("how", "why"),
    [
        (done("", timed_out=True), "killed"),
        (done(bill({"name": "a", "version": "1"}), 1), "ended with 1"),
        (done(""), "said nothing"),
        (done("hello"), "not the JSON"),
        (done({"components": []}), "not the JSON"),
        (done({"bomFormat": "SPDX"}), "no bill of materials"),
        (done(bill()), "found no package"),
        (done(bill({"name": "a"})), "not the JSON"),
        (done(bill({"name": "a", "version": "one"})), "not the JSON"),
        (done([1]), "not the JSON"),
    ],
)
def test_everything_else_is_no_verdict(how: Completed, why: str) -> None:
    with pytest.raises(Unavailable, match=why):
        components(how)
