import pytest

from hotelctl.checks.docker.image_tells_its_health import image_tells_its_health as check
from hotelctl.core.errors import Unavailable
from hotelctl.facts.docker_settings import Said
from tests.checks import made
from tests.checks.docker import written

_SILENT = written.files("FROM a:1\n")


def test_a_check_in_the_last_stage_is_fine_also_from_its_base() -> None:
    text = "FROM a:1 AS base\nHEALTHCHECK CMD true\nFROM base\n"
    assert made.judged(check, written.files(text), written.settings()) == []


def test_a_probe_that_the_service_file_names_is_fine() -> None:
    probe = Said("livenessProbe in app.yaml", "service.toml:9")
    assert made.judged(check, _SILENT, written.settings(probe=probe)) == []


def test_a_health_check_of_a_compose_file_is_fine_for_what_it_builds() -> None:
    asked = {"Dockerfile": Said("healthcheck", "compose.yml:5")}
    assert made.judged(check, _SILENT, written.settings(asked=asked)) == []
    other = {"other/Dockerfile": Said("healthcheck", "compose.yml:5")}
    assert len(made.judged(check, _SILENT, written.settings(asked=other))) == 1


def test_a_compose_file_that_cannot_be_read_may_ask() -> None:
    settings = written.settings(unsure={"Dockerfile": "compose.yml:2: is not YAML"})
    with pytest.raises(Unavailable, match="is not YAML, so nobody knows whether it asks for health"):
        made.judged(check, _SILENT, settings)
    asking = written.files("FROM a:1\nHEALTHCHECK CMD true\n")
    assert made.judged(check, asking, settings) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("FROM a:1\n", "has no HEALTHCHECK"),
        ("FROM a:1\nHEALTHCHECK CMD true\nHEALTHCHECK none\n", "switches the health check off"),
        ("FROM a:1 AS x\nHEALTHCHECK CMD true\nFROM b:1\n", "that of another stage is lost"),
    ],
)
def test_none_is_told(text: str, said: str) -> None:
    (finding,) = made.judged(check, written.files(text), written.settings())
    assert said in finding.message
    assert finding.fix.startswith("HEALTHCHECK ")
