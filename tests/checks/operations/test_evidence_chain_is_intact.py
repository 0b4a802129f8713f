from hotelctl.checks.operations.evidence_chain_is_intact import evidence_chain_is_intact
from hotelctl.core.chain import GENESIS, digest, encode
from hotelctl.facts.evidence_chain import EvidenceChain, inspect
from tests.checks import made


def _lines() -> list[bytes]:
    first = encode({"n": 1}, 1, GENESIS)
    second = encode({"n": 2}, 2, digest(first))
    return [first, second, encode({"n": 3}, 3, digest(second))]


def test_whole_and_torn_files_are_fine() -> None:
    whole = b"".join(_lines())
    chain = EvidenceChain((inspect("a", whole), inspect("b", whole + b'{"torn')))
    assert not made.judged(evidence_chain_is_intact, chain)


def test_one_changed_byte_is_a_finding_with_its_line() -> None:
    first, second, third = _lines()
    changed = first + second.replace(b'"n":2', b'"n":7') + third
    (finding,) = made.judged(evidence_chain_is_intact, EvidenceChain((inspect("a", changed),)))
    assert str(finding.location) == "a:3"
