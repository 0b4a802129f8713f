from collections.abc import Callable

import pytest

from hotelctl.facts.declared_version import declared_version

HATCH = b'[project]\ndynamic = ["version"]\n[tool.hatch.version]\npath = "shop/about.py"\n'
SETUPTOOLS = b"[tool.setuptools.dynamic]\nversion = {%s}\n"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("pyproject.toml", b'[project]\nversion = "1.2.0"\n'),
        ("pyproject.toml", b'\xef\xbb\xbf[project]\nversion = "1.2.0"\n'),
        ("pyproject.toml", b'[tool.poetry]\nversion = "1.2.0"\n'),
        ("web/package.json", b'{"version": "1.2.0"}'),
        ("shop/__init__.py", b'"""Shop."""\n__all__ = ["a"]\n__version__ = "1.2.0"\n'),
        ("shop/version.py", b'VERSION: str = "1.2.0"\n'),
    ],
)
def test_a_version_is_read_from_each_kind(name: str, data: bytes) -> None:
    assert declared_version(name, {name: data}.__getitem__) == "1.2.0"


@pytest.mark.parametrize(
    ("said", "place"),
    [
        (HATCH, "shop/about.py"),
        (SETUPTOOLS % b'attr = "shop.about.__version__"', "shop/about.py"),
        (SETUPTOOLS % b'attr = "shop.__version__"', "shop/__init__.py"),
        (SETUPTOOLS % b'attr = "shop.__version__"', "src/shop/__init__.py"),
    ],
)
@pytest.mark.parametrize("directory", ["", "api/"])
def test_the_file_that_hatch_or_setuptools_reads_is_read_beside_it(
    said: bytes, place: str, directory: str
) -> None:
    files = {f"{directory}pyproject.toml": said, f"{directory}{place}": b'__version__ = "1.2.0"\n'}
    assert declared_version(f"{directory}pyproject.toml", reading(files)) == "1.2.0"


def test_a_file_may_hold_nothing_but_the_version() -> None:
    files = {"pyproject.toml": SETUPTOOLS % b'file = ["VERSION"]', "VERSION": b"1.2.0\n"}
    assert declared_version("pyproject.toml", reading(files)) == "1.2.0"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("pyproject.toml", b"[project]\n"),
        ("pyproject.toml", b"[project"),
        ("pyproject.toml", b"project = 1\n"),
        ("pyproject.toml", b"[project]\nversion = 1\n"),
        ("pyproject.toml", HATCH),
        ("pyproject.toml", HATCH + b'pattern = "x"\n'),
        ("pyproject.toml", b"[tool]\nhatch = 1\n"),
        ("pyproject.toml", SETUPTOOLS % b"file = []"),
        ("package.json", b"[]"),
        ("package.json", b"{"),
        ("package.json", b"\xff"),
        ("package.json", b"[" * 100_000),
        ("shop.py", b"__version__ = find()\n"),
        ("shop.py", b"def"),
    ],
)
def test_anything_else_is_one_error(name: str, data: bytes) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        declared_version(name, reading({name: data}))


@pytest.mark.parametrize("place", ["../VERSION", "/etc/hostname", "a/../../VERSION"])
def test_no_file_outside_of_the_project_is_read(place: str) -> None:
    asked: list[str] = []
    said = SETUPTOOLS % b'file = "%s"' % place.encode()

    def read(path: str) -> bytes:
        asked.append(path)
        return said

    with pytest.raises(ValueError, match="outside of the project"):
        declared_version("pyproject.toml", read)
    assert asked == ["pyproject.toml"]


def reading(files: dict[str, bytes]) -> Callable[[str], bytes]:
    def read(path: str) -> bytes:
        if path not in files:
            raise FileNotFoundError(path)
        return files[path]

    return read
