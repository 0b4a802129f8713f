import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.core.ledger import Ledger
from hotelctl.facts.alembic_ledger import alembic_ledger

_USUAL = Ledger("alembic_version", ("version_num",))


@pytest.mark.parametrize(
    ("source", "table"),
    [
        ("context.configure(connection=c, version_table='journal')", '"journal"'),
        ("context.configure(c, version_table_schema='ops', version_table='j')", '"ops"."j"'),
        ("context.configure(c, version_table_schema='ops')", '"ops"."alembic_version"'),
        ("TABLE = 'journal'\ncontext.configure(c, version_table=TABLE)", '"journal"'),
        ("options = {'version_table': 'journal'}\ncontext.configure(c, **options)", '"journal"'),
        ("options = {}\noptions['version_table'] = 'journal'\ncontext.configure(c, **options)", '"journal"'),
        ("context.configure(c, version_table_schema=None)", "alembic_version"),
        ("context.configure(c)", "alembic_version"),
    ],
)
def test_it_is_what_alembic_is_told(source: str, table: str) -> None:
    assert alembic_ledger("m/env.py", source.encode()) == Ledger(table, _USUAL.columns)


def test_a_name_that_is_put_together_later_is_not_guessed() -> None:
    for name in ("settings.table", "os.environ['TABLE']", "f'{a}_version'"):
        with pytest.raises(Unavailable, match=r"^m/env.py:2: version_table is no text that stands there"):
            alembic_ledger("m/env.py", f"c = 1\ncontext.configure(c, version_table={name})".encode())
    with pytest.raises(Unavailable, match=r"^m/env.py:1: is not Python"):
        alembic_ledger("m/env.py", b"def")
