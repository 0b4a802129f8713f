import pytest

from hotelctl.render.templates import template


def test_the_checkouts_template_is_found() -> None:
    assert template("report.md.j2").count("\n## ") >= 8


def test_an_unknown_template_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        template("none.j2")
