from hotelctl.checks.env import removal
from hotelctl.core.finding import Location
from hotelctl.facts.release_environment import Setting
from hotelctl.facts.secret import Secret


def test_the_line_goes_where_there_is_one() -> None:
    inside = Setting("A", Secret("x"), "my env:3", Location("my env", 3))
    assert removal.of_setting(inside) == "sed -i '3d' 'my env'"


def test_a_value_of_several_lines_goes_whole() -> None:
    inside = Setting("A", Secret("x"), ".env:3", Location(".env", 3), lines=3)
    assert removal.of_setting(inside) == "sed -i '3,5d' .env"


def test_a_name_is_quoted_where_the_shell_would_run_it() -> None:
    assert removal.of_setting(Setting("A;id", Secret("x"), "process environment")) == "unset 'A;id'"


def test_a_variable_of_the_process_is_unset() -> None:
    assert removal.of_setting(Setting("A", Secret("x"), "process environment")) == "unset A"
