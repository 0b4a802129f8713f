from pathlib import Path

import pytest

from hotelctl.render import templates
from hotelctl.render.templates import template


def test_the_checkouts_template_is_found() -> None:
    assert template("report.md.j2").count("\n## ") >= 8


def test_a_template_inside_the_package_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hotelctl/_templates").mkdir(parents=True)
    (tmp_path / "reports/templates").mkdir(parents=True)
    (tmp_path / "reports/templates/a.j2").write_text("checkout")
    monkeypatch.setattr(templates, "files", lambda _name: tmp_path / "hotelctl")
    assert template("a.j2") == "checkout"
    (tmp_path / "hotelctl/_templates/a.j2").write_text("package")
    assert template("a.j2") == "package"


def test_an_unknown_template_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        template("none.j2")
