"""What a model elsewhere is told instead of who asks: the same everywhere, of no use to who knows the ids."""

import hashlib
import hmac
from pathlib import Path

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.services import keyring
from hotelctl.app.services.assistant.asker import Asker
from hotelctl.app.services.assistant.pseudonyms import Pseudonyms

_GUEST = Asker(uuid7(), frozenset(), session_id=uuid7())
_OTHER = Asker(_GUEST.hotel_id, frozenset(), session_id=uuid7())


def _of(directory: Path, asker: Asker = _GUEST) -> str:
    """As a new process has it."""
    return Pseudonyms(lambda: keyring.load(directory)).of(asker)


def test_each_process_has_the_same_for_one_caller_and_another_for_another(tmp_path: Path) -> None:
    keyring.init(tmp_path)
    assert _of(tmp_path) == _of(tmp_path)
    assert _of(tmp_path) != _of(tmp_path, _OTHER)
    assert len(bytes.fromhex(_of(tmp_path))) == 16


def test_two_installations_have_different_ones_and_ids_alone_make_none(tmp_path: Path) -> None:
    for name in ("one", "two"):
        keyring.init(tmp_path / name)
    found = {_of(tmp_path / name) for name in ("one", "two")}
    assert len(found) == 2
    caller = _GUEST.key.encode()
    for known in (_GUEST.hotel_id.bytes, str(_GUEST.hotel_id).encode()):
        for said in (caller, str(_GUEST.hotel_id).encode() + b"/" + caller):
            assert hmac.new(known, said, hashlib.sha256).hexdigest()[:32] not in found


def test_a_published_key_changes_nothing_and_the_one_that_signs_does(tmp_path: Path) -> None:
    keyring.init(tmp_path)
    before = _of(tmp_path)
    kid = keyring.add_key(tmp_path)
    assert _of(tmp_path) == before
    keyring.activate(tmp_path, kid)
    assert _of(tmp_path) != before


def test_each_purpose_has_a_secret_of_its_own(tmp_path: Path) -> None:
    keyring.init(tmp_path)
    ring = keyring.load(tmp_path)
    assert (
        len({ring.secret_for(b"a"), ring.secret_for(b"b"), ring.keys[ring.active].private_bytes_raw()}) == 3
    )
