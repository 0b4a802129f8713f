from hotelctl.checks.schema.migrations_run_from_empty import migrations_run_from_empty
from hotelctl.facts.schema_text import BuiltSchema
from tests.checks import made


def test_a_finished_upgrade_is_fine() -> None:
    assert not made.judged(migrations_run_from_empty, BuiltSchema("", "b", "CREATE TABLE t ();"))


def test_a_broken_upgrade_says_where_and_why() -> None:
    broken = BuiltSchema('relation "rooms" does not exist', "a", "")
    (finding,) = made.judged(migrations_run_from_empty, broken)
    assert "after a" in finding.message
    assert "rooms" in finding.message
