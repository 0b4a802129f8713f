import os
from pathlib import Path

from hotelctl.adapters.files import LocalFiles
from hotelctl.adapters.odd_names import ALIKE, place_of
from tests.fakes.evidence import FakeEvidence

_TOLD = "caf\\xe9.py"


def _odd(root: Path) -> Path:
    place = Path(os.fsdecode(os.fsencode(root) + b"/caf\xe9.py"))
    place.write_text("odd")
    return place


def test_a_name_that_is_no_text_is_that_of_its_file(tmp_path: Path) -> None:
    odd = _odd(tmp_path)
    assert place_of(f"{tmp_path}/{_TOLD}") == str(odd)
    for plain in ("a.py", "caf\\xe8.py", "a\\x41.py"):
        assert place_of(f"{tmp_path}/{plain}") == f"{tmp_path}/{plain}"


def test_what_is_really_spelled_so_is_itself_and_beside_the_other_neither(tmp_path: Path) -> None:
    (tmp_path / _TOLD).write_text("plain")
    files = LocalFiles(FakeEvidence(), tmp_path)
    for read in (files.contents, files.of_one_moment):
        assert read(tmp_path, [_TOLD], 99) == {_TOLD: b"plain"}
    odd = _odd(tmp_path)
    for read in (files.contents, files.of_one_moment):
        assert read(tmp_path, [_TOLD], 99) == {_TOLD: ALIKE}
    (tmp_path / _TOLD).unlink()
    for read in (files.contents, files.of_one_moment):
        assert read(tmp_path, [_TOLD], 99) == {_TOLD: b"odd"}
    assert odd.exists()
