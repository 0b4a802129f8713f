"""Against ssh-keygen itself."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.files import LocalFiles
from hotelctl.adapters.process import LocalProcesses
from hotelctl.adapters.ssh_signing import SshSigning
from hotelctl.core.errors import Unavailable
from hotelctl.facts.signoff import NAMESPACE, Signoff
from hotelctl.probes.signatures import Signatures
from tests.fakes.evidence import FakeEvidence
from tests.services.ssh_keys import made_key, signer_line

pytestmark = pytest.mark.system

BARE = Signoff("bela@example.org", "operations", "2026-03-01T13:00:00.000Z", "sha256:ab", "")


def signed(key: Path, bare: Signoff = BARE, namespace: str = NAMESPACE) -> Signoff:
    signature = SshSigning(key.parent, os.environ).signed(bare.payload, namespace, key)
    return replace(bare, signature=signature)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return made_key(tmp_path)


@pytest.fixture
def signatures(tmp_path: Path, key: Path) -> Signatures:
    (tmp_path / "allowed_signers").write_text(signer_line(BARE.name, key))
    evidence = FakeEvidence()
    room = tmp_path / "room"
    room.mkdir()
    processes = LocalProcesses(evidence, SystemClock(), os.environ)
    return Signatures(processes, LocalFiles(evidence, tmp_path), tmp_path, "allowed_signers", room)


def test_the_signature_of_an_allowed_signer_is_good(signatures: Signatures, key: Path) -> None:
    found = signatures.judged(signed(key), ("Ada", "ada@example.org"))
    assert (found.problem, found.by_author) == ("", False)
    assert found.key.startswith("SHA256:")


def test_a_changed_word_another_key_and_another_purpose_are_not(
    signatures: Signatures, key: Path, tmp_path: Path
) -> None:
    good = signed(key)
    assert "was changed" in signatures.judged(replace(good, role="security"), ()).problem
    assert "was changed" in signatures.judged(replace(good, digest="sha256:cd"), ()).problem
    assert "none that" in signatures.judged(replace(good, signature="armour"), ()).problem
    assert "not one for a report" in signatures.judged(signed(key, namespace="git"), ()).problem
    other = signatures.judged(signed(made_key(tmp_path, "other")), ())
    assert other.problem == "allowed_signers does not allow its key to sign for bela@example.org"
    assert "time cannot be read" in signatures.judged(replace(good, at="noon"), ()).problem


def test_a_key_counts_for_the_time_in_which_it_was_valid(
    signatures: Signatures, key: Path, tmp_path: Path
) -> None:
    signers = tmp_path / "allowed_signers"
    signers.write_text(signer_line(BARE.name, key, 'valid-before="20260301"'))
    assert signatures.judged(signed(key), ()).problem == "its key had expired by then"
    signers.write_text(signer_line(BARE.name, key, 'valid-before="20260303"'))
    assert signatures.judged(signed(key), ()).problem == ""


def test_the_author_is_known_by_name_and_by_key(signatures: Signatures, key: Path, tmp_path: Path) -> None:
    assert signatures.judged(signed(key), ("Bela", "Bela@Example.org")).by_author
    (tmp_path / "allowed_signers").write_text(signer_line(f"{BARE.name},ada@example.org", key))
    assert signatures.judged(signed(key), ("Ada", "ada@example.org")).by_author
    assert not signatures.judged(signed(key), ("Eve", "eve@example.org")).by_author


def test_without_the_signers_or_ssh_keygen_nothing_is_judged(
    signatures: Signatures, key: Path, tmp_path: Path
) -> None:
    good = signed(key)
    nobody = LocalProcesses(FakeEvidence(), SystemClock(), {"PATH": str(tmp_path)})
    with pytest.raises(Unavailable, match="ssh-keygen is not installed"):
        replace(signatures, processes=nobody).judged(good, ())
    (tmp_path / "allowed_signers").unlink()
    with pytest.raises(Unavailable, match="allowed_signers is not there"):
        signatures.judged(good, ())
