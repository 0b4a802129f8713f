from hypothesis import given
from hypothesis import strategies as st

from hotelctl.adapters.capture import Capture


@given(st.lists(st.binary(max_size=200), max_size=30))
def test_below_the_limit_all_is_kept(parts: list[bytes]) -> None:
    capture = Capture(10_000)
    for part in parts:
        capture.add(part)
    assert capture.text() == b"".join(parts).decode(errors="replace")
    assert not capture.truncated


@given(st.lists(st.binary(min_size=1, max_size=5000), min_size=1, max_size=40))
def test_the_truth_about_what_is_missing(parts: list[bytes]) -> None:
    capture = Capture(1000)
    for part in parts:
        capture.add(part)
    total = sum(map(len, parts))
    assert capture.truncated == (total > 1000)
    assert len(capture._tail) < 100_000


def test_a_secret_at_the_cut_is_not_shown_in_part() -> None:
    capture = Capture(2000)
    capture.add(b"a" * 990 + b"SECRETSECRET" + b"b" * 5000 + b"SECRETSECRET" + b"c" * 990)
    assert "SECRET" not in capture.text()


def test_both_ends_stop_at_lines() -> None:
    capture = Capture(100)
    capture.add(b"".join(b"line %03d\n" % n for n in range(100)))
    head, _, tail = capture.text().partition("\n[... ")
    assert head.splitlines() == [f"line {n:03}" for n in range(5)]
    assert tail.splitlines()[1:] == [f"line {n:03}" for n in range(95, 100)]
    assert tail.splitlines()[0] == f"{900 - 10 * 9} bytes left out ...]"
