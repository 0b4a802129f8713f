import pytest

from hotelctl.facts.lossy_type import loses


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("numeric(10,2)", "numeric(10,1)"),
        ("numeric", "numeric(10,2)"),
        ("numeric(10,2)", "numeric(10)"),
        ("numeric(10,2)", "bigint"),
        ("double precision", "integer"),
        ("real", "smallint"),
        ("numeric(10,2)", "double precision"),
        ("double precision", "real"),
        ("timestamp with time zone", "timestamp(0) with time zone"),
        ("timestamp(3) without time zone", "timestamp(2) without time zone"),
        ("timestamp without time zone", "date"),
        ("timestamp(3) with time zone", "time without time zone"),
    ],
)
def test_values_that_are_rounded_without_a_word(old: str, new: str) -> None:
    assert loses(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("numeric(10,2)", "numeric(12,2)"),
        ("numeric(10,2)", "numeric"),
        ("numeric(10)", "bigint[]"),
        ("real", "double precision"),
        ("integer", "bigint"),
        ("bigint", "integer"),
        ("bigint", "numeric(20,0)"),
        ("timestamp(0) with time zone", "timestamp with time zone"),
        ("timestamp with time zone", "timestamp without time zone"),
        ("date", "timestamp without time zone"),
        ("character varying(50)", "character varying(10)"),
        ("text", "integer"),
        ("shop.mood", "text"),
    ],
)
def test_values_that_stay_or_are_refused_by_the_server(old: str, new: str) -> None:
    assert not loses(old, new)
