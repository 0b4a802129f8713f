"""A compiled template is kept for the same template and code alone, and nobody needs it."""

from pathlib import Path

import pytest
from jinja2 import Environment

from hotelctl.render import compiled
from hotelctl.render.compiled import compiled as made

NAME = "report.md.j2"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "hotelctl" / "templates"


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates that were compiled."""
    told: list[str] = []
    compile_ = Environment.compile

    def noted(self: Environment, source: str, name: str | None = None, filename: str | None = None) -> object:
        told.append(name or "")
        return compile_(self, source, name, filename)

    monkeypatch.setattr(Environment, "compile", noted)
    monkeypatch.setattr(compiled, "template", lambda _: "{{ words|loud }}, {{ 1 + 1 }}")
    return told


def said() -> str:
    return made(NAME, {"loud": str.upper}).render(words="a")


def test_it_is_compiled_once_and_kept_for_its_owner_alone(cache: Path, compilations: list[str]) -> None:
    assert [said(), said()] == ["A, 2", "A, 2"]
    assert compilations == [NAME]
    assert cache.stat().st_mode & 0o777 == 0o700


def test_another_template_and_other_code_have_another_one(
    cache: Path, compilations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said()
    monkeypatch.setattr(compiled, "template", lambda _: "no {{ words }}")
    assert said() == "no a"
    monkeypatch.setattr(compiled, "_code", lambda: "changed")
    said()
    assert (len(compilations), len(list(cache.iterdir()))) == (3, 3)


@pytest.mark.parametrize("damage", [b"", b"torn", bytes(200)])
def test_a_damaged_one_is_compiled_again(cache: Path, compilations: list[str], damage: bytes) -> None:
    said()
    (kept,) = cache.iterdir()
    kept.write_bytes(damage)
    assert [said(), said()] == ["A, 2", "A, 2"]
    assert len(compilations) == 2


def test_where_nothing_can_be_written_it_is_compiled_each_time(cache: Path, compilations: list[str]) -> None:
    cache.parent.write_bytes(b"in the way")
    assert [said(), said()] == ["A, 2", "A, 2"]
    assert len(compilations) == 2


def test_only_a_few_are_kept(cache: Path, compilations: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(70):
        monkeypatch.setattr(compiled, "_code", lambda number=number: str(number))
        said()
    assert (len(compilations), len(list(cache.iterdir()))) == (70, 64)


@pytest.mark.parametrize("whose", ["writable by others", "of another user"])
def test_what_others_may_have_put_there_is_not_run(
    cache: Path, compilations: list[str], monkeypatch: pytest.MonkeyPatch, whose: str
) -> None:
    said()
    if whose == "of another user":
        monkeypatch.setattr("os.geteuid", lambda: cache.stat().st_uid + 1)
    else:
        cache.chmod(0o777)
    before = sorted(path.stat().st_mtime_ns for path in cache.iterdir())
    assert said() == "A, 2"
    assert len(compilations) == 2
    assert sorted(path.stat().st_mtime_ns for path in cache.iterdir()) == before
