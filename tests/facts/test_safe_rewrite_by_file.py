"""How a transaction is left differs between files; what is written there otherwise is in the other test."""

import pytest

from hotelctl.facts.hazard import Hazard, HazardKind
from hotelctl.facts.safe_rewrite import safe_rewrite

_SQL = "CREATE INDEX i ON public.rooms USING btree (name)"
_INDEX = Hazard(HazardKind.INDEX_BUILD, 0, "public.rooms", "", part="public.i", definition=_SQL)
_REFUSED = Hazard(HazardKind.CANNOT_RUN, 0, "", "cannot run inside a transaction block (25001)")
_WORDS = [
    ("migrations/2.sql", "in a file with the line -- hotelctl: no-transaction"),
    ("versions/0002_more.py", "inside with op.get_context().autocommit_block()"),
    ("prisma/migrations/2/migration", "outside of a transaction"),
    ("", "outside of a transaction"),
]


@pytest.mark.parametrize(("path", "words"), _WORDS)
def test_an_index_is_built_where_the_file_leaves_its_transaction(path: str, words: str) -> None:
    online = "CREATE INDEX CONCURRENTLY i ON public.rooms USING btree (name);"
    assert safe_rewrite(_INDEX, _SQL, path) == f"{words}:\n{online}"


@pytest.mark.parametrize(("path", "words"), _WORDS)
def test_what_no_transaction_takes_is_done_there_too(path: str, words: str) -> None:
    sql = "VACUUM public.rooms"
    assert safe_rewrite(_REFUSED, sql, path) == f"{words}:\n{sql};"


def test_where_no_transaction_is_left_the_file_changes_nothing() -> None:
    scan = Hazard(HazardKind.SCAN, 0, "public.rooms", "", part="rule", definition="CHECK ((id > 3))")
    assert len({safe_rewrite(scan, "ALTER", path) for path, _ in _WORDS}) == 1
    assert "transaction of its own" in safe_rewrite(scan, "ALTER", "migrations/2.sql")
