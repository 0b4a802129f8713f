"""Whether a database keeps the ledger of our migrations, or only a table of the same name."""

from hotelctl.core.ledger import Ledger
from hotelctl.core.ports import Databases

_KEPT = """
SELECT %s::name[] <@ ARRAY(
  SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND NOT attisdropped)
"""


def keeps(databases: Databases, url: str, ledger: Ledger) -> bool:
    """The table is there and has the ledger's columns. Raises `Unavailable` as a query does."""
    return bool(databases.query(url, _KEPT, (list(ledger.columns), ledger.table)).values[0][0])
