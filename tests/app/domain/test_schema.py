import pytest

from hotelctl.app.domain.schema import EMPTY_SCHEMA, SCHEMA_SERIAL, Fit, SchemaState, fit


@pytest.mark.parametrize(
    ("code", "serial", "minimum", "expected"),
    [
        (3, 3, 1, Fit.OK),
        (3, 3, 3, Fit.OK),
        (3, 5, 3, Fit.OK),
        (3, 5, 1, Fit.OK),
        (3, 2, 1, Fit.BEHIND),
        (3, 0, 0, Fit.BEHIND),
        (3, 5, 4, Fit.INCOMPATIBLE),
        (3, 4, 4, Fit.INCOMPATIBLE),
    ],
)
def test_code_serves_between_the_minimum_and_the_serial(
    code: int, serial: int, minimum: int, expected: Fit
) -> None:
    assert fit(SchemaState(serial, minimum, "r"), code) is expected


def test_an_empty_database_is_behind() -> None:
    assert fit(EMPTY_SCHEMA, SCHEMA_SERIAL) is Fit.BEHIND
