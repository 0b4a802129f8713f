import re

from hotelctl.render.document import BarPart
from hotelctl.render.histogram import picture


def _bars(*given: tuple[float | None, float | None, int]) -> list[BarPart]:
    return [BarPart(from_s=begin, to_s=end, count=count) for begin, end, count in given]


def _heights(text: str) -> list[tuple[str, float]]:
    found = re.findall(r'<rect class="(\w+)" x="[\d.]+" y="[\d.]+" width="[\d.]+" height="([\d.]+)">', text)
    return [(kind, float(height)) for kind, height in found]


def test_a_bar_is_as_high_as_its_count_and_what_failed_is_apart() -> None:
    text = picture(_bars((0.01, 0.02, 100), (0.02, 0.04, 0), (0.04, 0.08, 50), (None, None, 25)))
    assert _heights(text) == [("answered", 100), ("answered", 50), ("failed", 25)]
    assert "150 latencies between 10 ms and 80 ms, on a logarithmic scale; 25 failed" in text
    assert "<title>50 from 40 ms to 80 ms</title>" in text


def test_one_of_very_many_is_still_seen() -> None:
    text = picture(_bars((0.01, 0.02, 100_000), (0.02, 0.04, 1)))
    assert _heights(text) == [("answered", 100), ("answered", 2)]
    assert "failed" not in text


def test_nothing_but_failures_is_a_picture_and_nothing_is_none() -> None:
    assert "0 latencies; 7 failed" in picture(_bars((None, None, 7)))
    assert picture([]) == ""
