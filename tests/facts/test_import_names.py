from hotelctl.facts.import_names import import_names


def test_modules_packages_and_extensions_are_names_and_nothing_else_is() -> None:
    record = (
        b"../../../bin/town,,\ntown/__init__.py,sha256=x,1\ntown/a.py,,\nalone.py,,\n_fast.cpython-311.so,,\n"
        b"town-1.dist-info/METADATA,,\ntown-1.dist-info/licenses/x.py,,\ndocs/readme.txt,,\n"
    )
    records: dict[str, bytes | str] = {
        "Town_Hall-1.0.dist-info/RECORD": record,
        "plain-1.dist-info/RECORD": b"plain-1.dist-info/METADATA,,\n",
        "gone-1.dist-info/RECORD": "is not there",
    }
    assert import_names(records) == {"town-hall": ("_fast", "alone", "town")}
