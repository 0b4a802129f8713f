from hotelctl.checks.env import removal
from hotelctl.core.finding import Location
from hotelctl.facts.release_environment import Setting
from hotelctl.facts.secret import Secret


def test_the_line_goes_where_there_is_one() -> None:
    inside = Setting("A", Secret("x"), "my env:3", Location("my env", 3))
    assert removal.of_setting(inside) == "sed -i '3d' 'my env'"


def test_a_variable_of_the_process_is_unset() -> None:
    assert removal.of_setting(Setting("A", Secret("x"), "process environment")) == "unset A"
