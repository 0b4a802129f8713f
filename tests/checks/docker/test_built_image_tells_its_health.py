import pytest

from hotelctl.checks.docker.built_image_tells_its_health import built_image_tells_its_health as check
from hotelctl.facts.image_settings import ImageSettings
from tests.checks import made
from tests.checks.docker.images import image

_SILENT = ImageSettings("hotelctl.toml:1")


@pytest.mark.parametrize("health", [("CMD", "true"), ("CMD-SHELL", "true")])
def test_a_health_check_is_one_however_it_is_run(health: tuple[str, ...]) -> None:
    assert made.judged(check, image(health=health), _SILENT) == []


def test_somebody_else_may_ask() -> None:
    assert made.judged(check, image(health=()), ImageSettings("hotelctl.toml:1", "deploy/app.yaml")) == []


@pytest.mark.parametrize(("health", "words"), [((), "no Healthcheck"), (("NONE",), "Healthcheck=NONE")])
def test_none_is_none(health: tuple[str, ...], words: str) -> None:
    (finding,) = made.judged(check, image(health=health), _SILENT)
    assert finding.message.endswith(f"the image has {words}")
