import hashlib

from hotelctl.facts.layer_contents import CONTENTS
from hotelctl.facts.wheel_in_image import WheelInImage, WheelSearch
from tests.fakes.layers import asked

_WHEEL = {
    "notes/__init__.py": b"",
    "notes/a.py": b"a = 1\n",
    "notes-1.dist-info/METADATA": b"Name: notes\n",
    "notes-1.dist-info/WHEEL": b"Generator: one\n",
}
_PLACE = "opt/venv/lib/python3.11/site-packages/"


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _searched(*layers: dict[str, bytes]) -> WheelInImage:
    search = WheelSearch({name: _sha(data) for name, data in _WHEEL.items()})
    for one in asked(CONTENTS, *layers):
        search(one)
    return search.result()


def _installed(**changes: bytes) -> dict[str, bytes]:
    named = {name.replace("_py", ".py").replace("notes_", "notes/"): data for name, data in changes.items()}
    return {f"{_PLACE}{name}": data for name, data in {**_WHEEL, **named}.items()}


def test_all_of_it_is_there_whoever_packed_it() -> None:
    found = _searched({**_installed(), f"{_PLACE}notes-1.dist-info/WHEEL": b"Generator: two\n"})
    assert found == WheelInImage(3, f"/{_PLACE.rstrip('/')}")


def test_a_file_of_another_content_differs() -> None:
    assert _searched(_installed(notes_a_py=b"a = 2\n")).changed == ("notes/a.py",)


def test_notes_of_another_version_differ() -> None:
    about = {f"{_PLACE}notes-1.dist-info/METADATA": b"Name: other\n"}
    assert _searched({**_installed(), **about}).changed == ("notes-1.dist-info/METADATA",)


def test_the_last_layer_counts() -> None:
    assert _searched(_installed(), {f"{_PLACE}notes/a.py": b"a = 2\n"}).changed == ("notes/a.py",)
    assert _searched(_installed(), {f"{_PLACE}notes/.wh.a.py": b""}).missing == ("notes/a.py",)
    emptied = _searched(_installed(), {f"{_PLACE}notes/.wh..wh..opq": b"", f"{_PLACE}notes/a.py": b"a = 1\n"})
    assert emptied.missing == ("notes/__init__.py",)


def test_of_several_places_the_fullest_counts() -> None:
    found = _searched({"build/notes/a.py": b"other"}, _installed())
    assert found.place == f"/{_PLACE.rstrip('/')}"
    assert not found.changed


def test_a_copy_without_an_installation_is_found_where_it_lies() -> None:
    found = _searched({f"srv/{name}": data for name, data in _WHEEL.items() if ".dist-info/" not in name})
    assert (found.place, found.changed, found.missing) == ("/srv", (), ())


def test_an_image_without_any_of_it_has_no_place() -> None:
    assert _searched({"srv/other.py": b""}) == WheelInImage(3)
