import pytest

from hotelctl.facts.declared_version import declared_version


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("pyproject.toml", b'[project]\nversion = "1.2.0"\n'),
        ("pyproject.toml", b'\xef\xbb\xbf[project]\nversion = "1.2.0"\n'),
        ("web/package.json", b'{"version": "1.2.0"}'),
    ],
)
def test_a_version_is_read_from_either_kind(name: str, data: bytes) -> None:
    assert declared_version(name, data) == "1.2.0"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("pyproject.toml", b"[project]\n"),
        ("pyproject.toml", b"[project"),
        ("pyproject.toml", b"project = 1\n"),
        ("pyproject.toml", b"[project]\nversion = 1\n"),
        ("package.json", b"[]"),
        ("package.json", b"{"),
        ("package.json", b"\xff"),
        ("package.json", b"[" * 100_000),
    ],
)
def test_anything_else_is_one_error(name: str, data: bytes) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        declared_version(name, data)
