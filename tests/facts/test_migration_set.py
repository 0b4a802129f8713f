import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.facts.migration_set import (
    from_alembic,
    from_sql,
    is_ledger,
    position,
    positions,
    read_migrations,
)


def _alembic(**files: str) -> dict[str, bytes]:
    return {f"versions/{name}.py": text.encode() for name, text in files.items()}


def test_a_chain_has_one_head() -> None:
    found = from_alembic(
        _alembic(
            a='revision = "a"\ndown_revision = None', b='revision: str = "b"\ndown_revision: str | None = "a"'
        )
    )
    assert found.heads == ("b",)
    assert found.ids == {"a", "b"}
    assert found.dangling == ()
    second = found.at("b")
    assert second is not None
    assert second.down == ("a",)


def test_branches_merges_repeats_and_gaps() -> None:
    texts = _alembic(
        a='revision = "a"',
        b='revision = "b"\ndown_revision = "a"',
        c='revision = "c"\ndown_revision = "a"',
        again='revision = "c"\ndown_revision = "lost"',
    )
    found = from_alembic(texts)
    assert found.heads == ("b", "c")
    assert found.repeated == ("c",)
    assert [one.path for one in found.dangling] == ["versions/again.py"]
    merged = from_alembic(texts | _alembic(m='revision = "m"\ndown_revision = ("b", "c")'))
    assert merged.heads == ("m",)


def test_other_modules_are_left_out() -> None:
    assert from_alembic(_alembic(env="from alembic import context")).revisions == ()


@pytest.mark.parametrize(
    "text", ["revision = ", "revision = name()", "revision = 3", 'revision = "a"\ndown_revision = x']
)
def test_what_cannot_be_read_is_unavailable_with_its_place(text: str) -> None:
    with pytest.raises(Unavailable, match=r"versions/a\.py:\d"):
        from_alembic(_alembic(a=text))


def test_sql_files_stand_on_each_other_in_name_order() -> None:
    found = from_sql({"m/0002_b.sql": b"x", "m/0001_a.sql": b""})
    assert [(one.id, one.down) for one in found.revisions] == [
        ("0001_a.sql", ()),
        ("0002_b.sql", ("0001_a.sql",)),
    ]
    assert found.revisions[0].sha256.startswith("e3b0c442")
    assert read_migrations("sql", {"m/1.sql": b""}).kind == "sql"
    assert read_migrations("alembic", {}).kind == "alembic"


@pytest.mark.parametrize(
    ("there", "lacking"),
    [
        ((), ("a", "b", "c", "m")),
        (("a",), ("b", "c", "m")),
        (("b",), ("c", "m")),
        (("b", "c"), ("m",)),
        (("m",), ()),
        (("lost",), ("a", "b", "c", "m")),
    ],
)
def test_what_a_database_lacks_comes_behind_what_it_stands_on(
    there: tuple[str, ...], lacking: tuple[str, ...]
) -> None:
    texts = _alembic(
        a1='revision = "m"\ndown_revision = ("b", "c")',
        a2='revision = "b"\ndown_revision = "a"',
        a3='revision = "c"\ndown_revision = "a"',
        a4='revision = "a"',
        a5='revision = "loose"\ndown_revision = "gone"',
    )
    found = from_alembic(texts).above(there)
    assert found == lacking
    assert from_sql({"m/1.sql": b"", "m/2.sql": b"", "m/3.sql": b""}).above(["1.sql"]) == ("2.sql", "3.sql")


@pytest.mark.parametrize(
    ("there", "lacking"),
    [
        (("V1__a.sql", "R__c.sql"), ("V2__b.sql", "R__d.sql")),
        (("V1__a.sql", "R__d.sql"), ("V2__b.sql", "R__c.sql")),
        (("V2__b.sql", "R__c.sql", "R__d.sql"), ()),
        (("R__c.sql",), ("V1__a.sql", "V2__b.sql", "R__d.sql")),
        ((), ("V1__a.sql", "V2__b.sql", "R__c.sql", "R__d.sql")),
    ],
)
def test_what_is_run_again_says_nothing_of_numbered_files(
    there: tuple[str, ...], lacking: tuple[str, ...]
) -> None:
    names = ("V1__a.sql", "V2__b.sql", "R__c.sql", "R__d.sql")
    assert from_sql(dict.fromkeys(names, b""), "flyway").above(there) == lacking


@pytest.mark.parametrize("kind", ["sql", "prisma"])
def test_a_file_that_the_ledger_does_not_name_is_lacking_wherever_it_stands(kind: str) -> None:
    names = ("1", "2", "3", "4")
    paths = {"sql": "m/{}", "prisma": "m/{}/migration.sql"}
    known = from_sql({paths[kind].format(name): b"" for name in names}, kind)
    assert known.above(("1", "3")) == ("2", "4")
    assert from_sql({"m/V1__a.sql": b"", "m/V2__b.sql": b""}, "flyway").above(("V2__b.sql",)) == ()


@pytest.mark.parametrize(
    ("relation", "own", "known"),
    [
        ("public.alembic_version", "", True),
        ("public.journal", "", False),
        ("public.journal", '"journal"', True),
        ('public."Journal ""2"""', '"Journal ""2"""', True),
        ("ops.journal", '"ops"."journal"', True),
        ("public.journal", '"ops"."journal"', False),
        ("public.my_journal", '"journal"', False),
    ],
)
def test_the_table_of_revisions_is_known_by_its_usual_name_and_by_the_project_s(
    relation: str, own: str, *, known: bool
) -> None:
    assert is_ledger(relation, own) is known


def test_where_a_database_is_names_all_heads_of_alembic_and_the_newest_file() -> None:
    assert (position("alembic", ["b", "a"]), position("sql", ["1.sql", "2.sql"])) == ("a, b", "2.sql")
    assert (position("alembic", []), position("sql", ())) == (None, None)
    assert (positions("a, b"), positions("2.sql")) == (("a", "b"), ("2.sql",))
