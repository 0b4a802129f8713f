import pytest

from hotelctl.config.pinned import pin
from hotelctl.core.errors import Unavailable
from hotelctl.probes.kept_release import as_built, directory_of, place_of
from tests.probes.worlds import STATE, URL, World


def test_a_release_is_found_as_its_own_commands_find_it() -> None:
    made = World()
    made.files.write_durable(STATE / "releases/r1/env.json", b'{"A": "1"}')
    place = place_of("r1", made.context())
    assert (place.venv, place.env, place.database_url) == (STATE / "releases/r1/venv", {"A": "1"}, URL)
    assert directory_of("r1", made.context()) == STATE / "releases/r1"


@pytest.mark.parametrize("text", [None, b"{"])
def test_one_whose_variables_cannot_be_read_is_unknown(text: bytes | None) -> None:
    made = World()
    if text:
        made.files.write_durable(STATE / "releases/r1/env.json", text)
    with pytest.raises(Unavailable, match="environment of the serving release"):
        place_of("r1", made.context())


def test_its_outside_services_are_those_that_it_was_built_with() -> None:
    made = World(external={"mail": {"variable": "NEW"}})
    assert as_built("r1", made.context()).configuration.spec == made.spec, "nothing was kept with it"
    path = STATE / "releases/r1/service.json"
    made.files.write_durable(path, pin(World(external={"pay": {"variable": "OLD"}}).spec))
    assert list(as_built("r1", made.context()).configuration.spec.external) == ["pay"]
    made.files.write_durable(path, b"{")
    with pytest.raises(Unavailable, match=r"its service\.json is damaged"):
        as_built("r1", made.context())
