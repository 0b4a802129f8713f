import pytest

from hotelctl.facts.placeholder import placeholder


@pytest.mark.parametrize(
    "value",
    [
        "<your key>",
        "<<key>>",
        "{{ token }}",
        "xxxxxxxx",
        "put_it_here",
        "'changeme'",
        "my-secret-key",
        "000000",
    ],
)
def test_shapes_of_examples(value: str) -> None:
    assert placeholder(value)


@pytest.mark.parametrize(
    "value", ["", "3", "exchange-rate", "postgresql://db/app", "a<b>", "0", "test-7f3a9c"]
)
def test_values_that_only_look_near(value: str) -> None:
    assert placeholder(value) is None
