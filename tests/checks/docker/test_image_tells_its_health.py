from dataclasses import replace

import pytest

from hotelctl.checks.docker.image_tells_its_health import image_tells_its_health as check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Location
from hotelctl.facts.docker_settings import Said, Started
from tests.checks import made
from tests.checks.docker import written

_WEB = Location("compose.yml", 3)
_SILENT = written.files("FROM a:1\n")


def test_a_check_in_the_last_stage_is_fine_also_from_its_base() -> None:
    text = "FROM a:1 AS base\nHEALTHCHECK CMD true\nFROM base\n"
    assert made.judged(check, written.files(text), written.settings()) == []


def test_a_probe_that_the_service_file_names_is_fine() -> None:
    probe = Said("livenessProbe in app.yaml", "service.toml:9")
    assert made.judged(check, _SILENT, written.settings(probe=probe)) == []


def test_a_health_check_of_a_compose_file_is_fine_for_what_it_builds() -> None:
    asking = (Started("compose.yml", "web", _WEB, asks=True),)
    assert made.judged(check, _SILENT, written.settings(started={"Dockerfile": asking})) == []
    assert len(made.judged(check, _SILENT, written.settings(started={"other/Dockerfile": asking}))) == 1


def test_each_composition_that_does_not_ask_is_told_where_others_do() -> None:
    base = Started("compose.yml", "web", _WEB, asks=True)
    prod = Started("compose.yml + compose.prod.yml", "web", _WEB, said="deploy.sh:4")
    (finding,) = made.judged(check, _SILENT, written.settings(started={"Dockerfile": (base, prod)}))
    assert finding.location == _WEB
    assert finding.subject == "health of web in compose.yml + compose.prod.yml"
    assert finding.message == (
        "compose.yml + compose.prod.yml, as deploy.sh:4 says, start web, "
        "and nothing there or in Dockerfile asks for its health"
    )
    off = replace(prod, silenced=Location("compose.prod.yml", 9))
    (finding,) = made.judged(check, _SILENT, written.settings(started={"Dockerfile": (base, off)}))
    assert finding.location == Location("compose.prod.yml", 9)
    assert finding.message.endswith("start web with its health check switched off, and Dockerfile has none")
    none = {"Dockerfile": (prod, Started("compose.yml", "web", _WEB))}
    (one,) = made.judged(check, _SILENT, written.settings(started=none))
    assert one.subject == "HEALTHCHECK of Dockerfile"


def test_a_composition_that_switches_the_check_of_the_image_off_is_told() -> None:
    asking = written.files("FROM a:1\nHEALTHCHECK CMD true\n")
    off = Started("compose.yml", "web", _WEB, silenced=Location("compose.yml", 7))
    (finding,) = made.judged(check, asking, written.settings(started={"Dockerfile": (off,)}))
    assert finding.location == Location("compose.yml", 7)
    assert "compose.yml starts web with the health check of its image switched off" in finding.message
    left = {"Dockerfile": (Started("compose.yml", "web", _WEB),)}
    assert made.judged(check, asking, written.settings(started=left)) == []


def test_that_all_known_ones_ask_is_not_enough_where_one_is_not_known() -> None:
    asking = {"Dockerfile": (Started("compose.yml", "web", _WEB, asks=True),)}
    settings = written.settings(started=asking, unsure={"Dockerfile": "up.sh:2: which file $X is"})
    with pytest.raises(Unavailable, match=r"up\.sh:2: which file"):
        made.judged(check, _SILENT, settings)


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
