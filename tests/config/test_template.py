import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotelctl.config.template import fill, fill_all, fill_tree, names
from hotelctl.core.errors import UsageError


def test_every_name_is_replaced_and_nothing_else() -> None:
    values = {"port": "8001", "venv": "/v"}
    assert fill("{venv}/bin/x --port={port} {port}", values, "run.command") == "/v/bin/x --port=8001 8001"
    for text in ("{}", "{PORT}", "{ port }", "{port", "${HOME}", '{"a": 1}', "{port1}"):
        assert fill(text, values, "x") == text
    assert fill_all(("{venv}", "{port}"), values, "x") == ("/v", "8001")


@given(st.text())
def test_a_value_is_put_in_as_it_is(value: str) -> None:
    assert fill("<{a}>", {"a": value, "b": "no"}, "x") == f"<{value}>"


def test_a_value_is_not_filled_again() -> None:
    assert fill("{a}", {"a": "{b}", "b": "no"}, "x") == "{b}"


def test_a_name_without_a_value_is_refused_with_its_setting_and_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"^run\.command: nothing is known for \{prot\}$") as refused:
        fill_all(("{port}", "{prot}"), {"port": "1", "host": "h"}, "run.command")
    assert refused.value.hint == "use one of: host, port"


def test_the_names_of_a_text() -> None:
    assert list(names("{a}/{b_c} {a} {D}")) == ["a", "b_c", "a"]


def test_every_text_in_a_tree_is_filled_and_the_rest_stays() -> None:
    tree = {"a": ["{x}", 1, None], "{x}": {"b": "<{x}>"}}
    assert fill_tree(tree, {"x": "y"}, "w") == {"a": ["y", 1, None], "{x}": {"b": "<y>"}}
    with pytest.raises(UsageError, match="nothing is known"):
        fill_tree(["{z}"], {"x": "y"}, "w")
