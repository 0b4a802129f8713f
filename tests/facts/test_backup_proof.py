import json

import pytest

from hotelctl.facts.backup_proof import proof, verified_at

MANIFEST = b'{"id": "d1", "verified_at": null}'


def test_a_proof_holds_for_the_bytes_of_its_manifest_only() -> None:
    written = proof(MANIFEST, "t", rows=3)
    assert json.loads(written)["rows"] == 3
    assert verified_at(MANIFEST, written) == "t"
    assert verified_at(MANIFEST + b" ", written) is None
    assert verified_at(MANIFEST, None) is None


@pytest.mark.parametrize("written", [b"", b"{", b"[]", b"{}", b'{"verified_at": "t"}'], ids=str)
def test_what_is_no_proof_proves_nothing(written: bytes) -> None:
    assert verified_at(MANIFEST, written) is None


@pytest.mark.parametrize(("said", "at"), [('"t"', "t"), ("3", None), ('""', None)])
def test_earlier_versions_wrote_it_into_the_manifest(said: str, at: str | None) -> None:
    assert verified_at(f'{{"verified_at": {said}}}'.encode(), None) == at
