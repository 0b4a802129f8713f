from pathlib import Path

import pytest

from hotelctl.cli._places import part, project


def _made(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")
    return root


def test_it_is_the_checkout_around_the_current_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = _made(tmp_path / "hotelctl.toml" / "repository", ".git/HEAD", "a/b/code.py")
    monkeypatch.chdir(root / "a" / "b")
    assert project() == root


@pytest.mark.parametrize("name", ["hotelctl.toml", "pyproject.toml"])
def test_it_is_the_nearest_part_of_it_that_a_service_file_speaks_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    root = _made(tmp_path, ".git/HEAD", "hotelctl.toml", f"shop/{name}", "shop/src/code.py", "docs/page.md")
    (root / "shop" / name).write_text('[tool.hotelctl]\nschema = "x"\n')
    monkeypatch.chdir(root / "shop" / "src")
    assert project() == root / "shop"
    monkeypatch.chdir(root / "docs")
    assert project() == root


def test_above_the_checkout_nobody_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = _made(tmp_path, "hotelctl.toml", "clone/.git/HEAD")
    monkeypatch.chdir(root / "clone")
    assert project() == root / "clone"


def test_outside_of_a_checkout_it_is_the_current_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = _made(tmp_path, "hotelctl.toml", "below/file")
    monkeypatch.chdir(root / "below")
    assert project() == root / "below"


def test_a_first_service_file_is_for_the_nearest_part_with_a_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = (
        ".git/HEAD",
        "hotelctl.toml",
        "package.json",
        "api/pyproject.toml",
        "api/src/code.py",
        "docs/a.md",
    )
    root = _made(tmp_path, *names)
    for place, expected in (("api", "api"), ("api/src", "api"), ("docs", "."), (".", ".")):
        monkeypatch.chdir(root / place)
        assert part() == root / expected


def test_without_any_project_it_is_for_the_whole_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = _made(tmp_path, ".git/HEAD", "docs/a.md")
    monkeypatch.chdir(root / "docs")
    assert part() == root
