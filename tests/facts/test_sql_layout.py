import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.facts.sql_layout import SQL_LAYOUTS


@pytest.mark.parametrize(
    ("kind", "paths", "names"),
    [
        ("sql", ["m/2_b.sql", "m/10_c.sql", "m/1_a.sql"], ["10_c.sql", "1_a.sql", "2_b.sql"]),
        ("prisma", ["p/02_more/migration.sql", "p/01_init/migration.sql"], ["01_init", "02_more"]),
        (
            "flyway",
            [
                "f/V10__c.sql",
                "f/R__view.sql",
                "f/V2__a.sql",
                "f/deep/V2.1__b.sql",
                "f/U2__back.sql",
                "f/a.sql",
            ],
            ["V2__a.sql", "V2.1__b.sql", "V10__c.sql", "R__view.sql"],
        ),
    ],
)
def test_names_come_in_the_order_in_which_they_run(kind: str, paths: list[str], names: list[str]) -> None:
    assert list(SQL_LAYOUTS[kind].named(paths)) == names
    assert SQL_LAYOUTS[kind].named(paths)[names[0]] in paths


@pytest.mark.parametrize(
    "other", ["f/old/V1__a.sql", "f/V1__b.sql", "f/V01__b.sql", "f/V1.0__b.sql", "f/V1_0_0__b.sql"]
)
def test_two_files_of_one_number_are_refused_as_flyway_does(other: str) -> None:
    with pytest.raises(Unavailable, match="are one migration by their names: neither is run"):
        SQL_LAYOUTS["flyway"].named(["f/V1__a.sql", other])
    assert SQL_LAYOUTS["flyway"].named(["f/a.sql", "f/b/a.sql", "f/R__a.sql", "f/R__b.sql"])


def test_what_runs_before_is_told_by_numbers() -> None:
    flyway = SQL_LAYOUTS["flyway"]
    assert flyway.before("V2__a.sql", "V10__c.sql")
    assert not flyway.before("V10__c.sql", "V2__a.sql")
    assert not flyway.before("V2__a.sql", "V2__a.sql")
    assert flyway.before("V0.0__a.sql", "V0.1__b.sql")
    assert flyway.before("V1.0__z.sql", "V1.0.1__b.sql")
    assert flyway.before("V1__b.sql", "V10__a.sql")
