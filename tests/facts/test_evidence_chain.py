from hotelctl.core.chain import GENESIS, digest, encode
from hotelctl.facts.evidence_chain import inspect


def test_whole_torn_and_broken() -> None:
    first = encode({"n": 1}, 1, GENESIS)
    second = encode({"n": 2}, 2, digest(first))
    assert inspect("f", first + second).records == 2
    torn = inspect("f", first + second[:-4])
    assert (torn.records, torn.torn, torn.broken_line) == (1, True, None)
    broken = inspect("f", second + first)
    assert (broken.broken_line, broken.records) == (1, 0)
    assert broken.why
