from pathlib import Path

import pytest

from hotelctl.config import own_files
from hotelctl.config.own_files import own_file


def test_a_file_inside_the_package_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hotelctl/_templates").mkdir(parents=True)
    (tmp_path / "reports/templates").mkdir(parents=True)
    (tmp_path / "reports/templates/a.j2").write_text("checkout")
    monkeypatch.setattr(own_files, "files", lambda _name: tmp_path / "hotelctl")
    assert own_file("_templates/a.j2", "reports", "templates", "a.j2").read_text() == "checkout"
    (tmp_path / "hotelctl/_templates/a.j2").write_text("package")
    assert own_file("_templates/a.j2", "reports", "templates", "a.j2").read_text() == "package"


def test_the_pins_of_the_tools_are_there() -> None:
    assert "zizmor==" in own_file("_tools.txt", "requirements", "tools.txt").read_text()
