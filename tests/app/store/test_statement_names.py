import pytest

from hotelctl.app.store.engine import begin_in
from hotelctl.app.store.statement_names import name_of
from tests.app.people import HOTEL_A


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("SELECT users.id FROM users WHERE users.id = %(id)s", "select users"),
        ("\n  INSERT INTO rate_limits AS r (bucket) VALUES (%(b)s)", "insert rate_limits"),
        ("UPDATE sessions SET revoked_at = now()", "update sessions"),
        ("DELETE FROM public.rate_limits", "delete rate_limits"),
        ("SELECT set_config('app.hotel_id', %(id)s, true)", "select set_config"),
        (begin_in(HOTEL_A), "select set_config"),
        ("SELECT * FROM qr_claim(%(h)s)", "select qr_claim"),
        ("WITH l AS (SELECT 1) SELECT k.id FROM knowledge_entries k", "select knowledge_entries"),
        ("SELECT 1", "select"),
        ("BEGIN", "other"),
    ],
)
def test_a_statement_is_named_by_what_it_does_where(statement: str, name: str) -> None:
    assert name_of(statement) == name
