"""`hotelctl docker compose` over a project: which image it names, and where it writes."""

from pathlib import Path

import pytest

from hotelctl.cli._composing import composed
from hotelctl.cli._wiring import Asked
from hotelctl.core.errors import UsageError

pytestmark = pytest.mark.usefixtures("layout")

_VERSIONED = '[project]\nname = "notes"\nversion = "1.4.0"\n'


def test_it_names_the_image_of_this_version_or_the_one_that_is_asked_for() -> None:
    Path("pyproject.toml").write_text(_VERSIONED, encoding="utf-8")
    assert ':1.4.0}"' in composed(Asked(None, "local"), None, None)
    assert "${IMAGE:-registry.example.org/notes:2}" in composed(
        Asked(None, "local"), "registry.example.org/notes:2", None
    )


def test_without_a_version_an_image_has_to_be_named() -> None:
    with pytest.raises(UsageError, match=r"pyproject\.toml: no \[project\]\.version can be read"):
        composed(Asked(None, "local"), None, None)


def test_it_is_written_where_it_is_asked_for(tmp_path: Path) -> None:
    asked = Asked(None, "local")
    assert composed(asked, "notes:1", Path("compose.yaml")) == "wrote compose.yaml\n"
    assert (tmp_path / "compose.yaml").read_text(encoding="utf-8") == composed(asked, "notes:1", None)


def test_a_place_that_nobody_can_write_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be written: file exists"):
        composed(Asked(None, "local"), "notes:1", Path("file/compose.yaml"))


@pytest.mark.parametrize(
    ("exposed", "port"), [("EXPOSE 8000\n", 8000), ("EXPOSE 8000/tcp 53/udp\n", 8000), ("EXPOSE 1 2\n", 8080)]
)
def test_the_port_is_what_the_dockerfile_exposes(exposed: str, port: int) -> None:
    Path("Dockerfile").write_text(f"FROM debian\n{exposed}", encoding="utf-8")
    assert f':{port}"]' in composed(Asked(None, "local"), "notes:1", None)
