import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.core.ledger import Ledger
from hotelctl.facts.alembic_ledger import alembic_ledger, named_ledger

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


@pytest.mark.parametrize(
    "source",
    [
        "context.configure(c, version_table='journal', **imported)",
        "from settings import options\ncontext.configure(c, **options)",
        "import settings\ncontext.configure(c, **settings.options)",
        "context.configure(c, **options())",
        "def run(options):\n    context.configure(c, **options)",
        "options = {}\noptions[name] = 'journal'\ncontext.configure(c, **options)",
        "options = {}\noptions.update(more)\ncontext.configure(c, **options)",
        "options = {}\noptions |= more\ncontext.configure(c, **options)",
        "options = {}\nfill(options)\ncontext.configure(c, **options)",
        "options = {name: 'journal'}\ncontext.configure(c, **options)",
        "options = {**more}\ncontext.configure(c, **options)",
        "options = dict(more)\ncontext.configure(c, **options)",
        "options = {**options}\ncontext.configure(c, **options)",
        "for options in all_of_them:\n    context.configure(c, **options)",
    ],
)
def test_words_that_come_from_elsewhere_may_name_the_table(source: str) -> None:
    with pytest.raises(
        Unavailable, match=r"^m/env.py:\d: configure is handed \*\*.*which may name version_t"
    ):
        alembic_ledger("m/env.py", source.encode())


@pytest.mark.parametrize(
    ("source", "table"),
    [
        ("options = {'compare_type': True}\ncontext.configure(c, **options)", "alembic_version"),
        ("options: dict = dict(a=1)\noptions['b'] = f()\ncontext.configure(c, **options)", "alembic_version"),
        ("a = {'version_table': 'journal'}\nb = {**a, 'x': f()}\ncontext.configure(c, **b)", '"journal"'),
        ("a = {}\na.update(version_table='journal')\ncontext.configure(c, **a)", '"journal"'),
        (
            "context.configure(c, version_table='journal', version_table_schema=None, **imported)",
            '"journal"',
        ),
        ("configure_logs(**imported)\ncontext.configure(c)", "alembic_version"),
    ],
)
def test_words_that_stand_there_are_read(source: str, table: str) -> None:
    assert alembic_ledger("m/env.py", source.encode()).table == table


def test_the_table_that_the_service_file_names_has_alembic_s_columns() -> None:
    assert named_ledger("journal") == Ledger('"journal"', _USUAL.columns)
    assert named_ledger("ops.journal") == Ledger('"ops"."journal"', _USUAL.columns)
