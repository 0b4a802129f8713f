import pytest

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


def test_what_runs_before_is_told_by_numbers() -> None:
    flyway = SQL_LAYOUTS["flyway"]
    assert flyway.before("V2__a.sql", "V10__c.sql")
    assert not flyway.before("V10__c.sql", "V2__a.sql")
    assert not flyway.before("V2__a.sql", "V2__a.sql")
