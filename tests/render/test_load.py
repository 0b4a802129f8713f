import pytest

from hotelctl.core.errors import UsageError
from hotelctl.render.json import render
from hotelctl.render.load import load
from tests.render import made


def test_what_was_written_is_read_again() -> None:
    document = made.document(steps=made.steps())
    assert load(render(document).encode(), "report.json") == document


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "EOF"),
        (b"{}", "id"),
        (b"\xff", "JSON"),
        (render(made.document()).replace("report/1", "report/2").encode(), "schema"),
        (render(made.document()).replace('"blocked"', '"fine"').encode(), "verdict"),
    ],
)
def test_what_is_no_report_is_refused_with_the_place(data: bytes, words: str) -> None:
    with pytest.raises(UsageError, match=words) as refused:
        load(data, "some/report.json")
    assert refused.value.message.startswith("some/report.json is no report")
