import json
import uuid

from hotelctl.facts.image_materials import Materials, bill
from hotelctl.facts.layer_contents import CONTENTS
from hotelctl.facts.package_lists import Material
from tests.fakes.layers import asked

_STATUS = b"""Package: libc6
Status: install ok installed
Version: 2.36-9+deb12u1
Description: the library
 Package: not-one

Package: gone
Status: deinstall ok config-files
Version: 1
"""
_APK = b"C:Q1\nP:musl\nV:1.2.5-r0\n\nP:busybox\nV:1.36.1-r2\n"
_PLACE = "opt/venv/lib/python3.13/site-packages"


def _searched(*layers: dict[str, bytes]) -> Materials:
    found = Materials()
    for one in asked(CONTENTS, *layers):
        found(one)
    return found


def _python(name: str, version: str) -> dict[str, bytes]:
    about = f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n\nName: of the text\n"
    return {f"{_PLACE}/{name}-{version}.dist-info/METADATA": about.encode()}


def _names(search: Materials) -> list[tuple[str, str, str]]:
    return [(one.kind, one.name, one.version) for one in search.every()]


def test_installed_packages_of_the_system_and_of_python_are_found() -> None:
    files = {"var/lib/dpkg/status": _STATUS, **_python("Foo_Bar", "1.0"), "srv/app.py": b"x"}
    assert _names(_searched(files)) == [("deb", "libc6", "2.36-9+deb12u1"), ("pypi", "foo-bar", "1.0")]
    found = _searched({"lib/apk/db/installed": _APK})
    assert _names(found) == [("apk", "busybox", "1.36.1-r2"), ("apk", "musl", "1.2.5-r0")]


def test_what_a_later_layer_takes_away_or_replaces_does_not_count() -> None:
    gone = {f"{_PLACE}/.wh.foo-1.dist-info": b""}
    assert _names(_searched(_python("foo", "1"), gone)) == []
    emptied = {f"{_PLACE}/.wh..wh..opq": b"", **_python("foo", "2")}
    assert _names(_searched(_python("foo", "1"), emptied)) == [("pypi", "foo", "2")]
    newer = {"var/lib/dpkg/status": _STATUS.replace(b"2.36-9+deb12u1", b"2.41")}
    assert _names(_searched({"var/lib/dpkg/status": _STATUS}, newer)) == [("deb", "libc6", "2.41")]


def test_a_package_has_the_url_by_which_others_look_it_up() -> None:
    assert Material("deb", "libc6", "1+b:2", "x").url("ubuntu") == "pkg:deb/ubuntu/libc6@1%2Bb%3A2"
    assert Material("apk", "musl", "1", "x").url("") == "pkg:apk/alpine/musl@1"
    assert Material("pypi", "foo", "1", "x").url("debian") == "pkg:pypi/foo@1"


def test_the_bill_names_the_image_and_is_the_same_each_time() -> None:
    files = {"usr/lib/os-release": b'NAME="X"\nID="debian"\n', "var/lib/dpkg/status": _STATUS}
    digest = f"sha256:{'a' * 64}"
    first = bill(_searched(files), "r:5000/notes:1.0", digest, "2026-03-01T12:00:00+00:00")
    assert first == bill(_searched(files), "r:5000/notes:1.0", digest, "2026-03-01T12:00:00+00:00")
    told = json.loads(first)
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    assert told["metadata"]["component"]["name"] == "r:5000/notes"
    assert told["metadata"]["component"]["version"] == "1.0"
    assert told["metadata"]["component"]["hashes"] == [{"alg": "SHA-256", "content": "a" * 64}]
    (component,) = told["components"]
    assert component["purl"] == "pkg:deb/debian/libc6@2.36-9%2Bdeb12u1"
    assert component["evidence"]["occurrences"] == [{"location": "/var/lib/dpkg/status"}]
    assert uuid.UUID(told["serialNumber"].removeprefix("urn:uuid:")).version == 8
