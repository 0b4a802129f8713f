from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from hotelctl.facts.catalogue import Catalogue, Column, Constraint, Domain
from hotelctl.facts.migration_trace import Rows
from hotelctl.facts.preflight import Preflight, preflight, unasked
from tests.facts.traces import BASE, NEW, NEW_KEY, NOTES, ROOMS, changed, did, index, relation, trace

QUOTED = relation("Room List")
_FOUND = "SELECT count(*) FROM (SELECT FROM public.rooms {} LIMIT 1000) AS found"


def asked(after: Catalogue, before: Catalogue = BASE) -> tuple[Preflight, ...]:
    """What is to be asked when one statement leads there."""
    return preflight(trace(did("ALTER", after), before=before))


def rules(after: Catalogue, before: Catalogue = BASE) -> list[str]:
    """The conditions of the rows that stand in the way."""
    return [one.rule for one in asked(after, before)]


def silent(after: Catalogue, before: Catalogue = BASE) -> list[str]:
    """The rules of which nothing can be asked."""
    return [one.what for one in unasked(trace(did("ALTER", after), before=before))]


def column(place: int, before: Catalogue = BASE, **fields: Any) -> Catalogue:  # noqa: ANN401 - its fields
    """A column of the rooms is another one."""
    return changed(before, columns={(ROOMS, place): replace(before.columns[ROOMS, place], **fields)})


def rule(kind: str, definition: str, *columns: int, valid: bool = True, parent: int = 0) -> Catalogue:
    """The rooms have one rule more."""
    return changed(
        BASE, constraints={70: Constraint("rule", ROOMS, kind, valid, definition, columns, 0, parent)}
    )


def unique(words: str, before: Catalogue = BASE, table: int = ROOMS, *, is_unique: bool = True) -> Catalogue:
    """The table has one index more."""
    return changed(
        before,
        relations={NEW_KEY: relation("rooms_new", "i")},
        indexes={NEW_KEY: index(table, f"CREATE UNIQUE INDEX rooms_new ON {words}", unique=is_unique)},
    )


def test_a_column_that_becomes_required_asks_for_rows_without_it() -> None:
    (one,) = asked(column(2, not_null=True))
    assert (one.table, one.what) == ("public.rooms", "public.rooms.name is NULL")
    assert one.sql == _FOUND.format('WHERE "name" IS NULL')
    assert one.rows == 'SELECT * FROM public.rooms WHERE "name" IS NULL LIMIT 20'


def test_a_new_type_asks_for_values_that_it_does_not_take() -> None:
    (one,) = asked(column(2, type="integer"))
    assert one.what == "public.rooms.name is no integer"
    assert one.rule == "WHERE NOT pg_input_is_valid(\"name\"::text, 'integer')"
    assert rules(column(2, type='"it\'s"')) == ["WHERE NOT pg_input_is_valid(\"name\"::text, '\"it''s\"')"], (
        "the name of a type is a text here"
    )


@pytest.mark.parametrize(
    ("using", "number"),
    [
        ("", 1),
        (" USING name::integer", 1),
        (' using ("name")::integer', 1),
        (" USING (name::integer)", 1),
        (" USING length(name)", 0),
        (" USING trim(name)::integer", 0),
        (" USING CASE name WHEN 'one' THEN 1 END", 0),
        (" USING name2::integer", 0),
    ],
)
def test_a_type_that_values_come_to_by_an_expression_is_not_asked_about(using: str, number: int) -> None:
    statement = did(f"ALTER TABLE rooms ALTER name TYPE integer{using}", column(2, type="integer"))
    assert len(preflight(trace(statement))) == number
    assert len(unasked(trace(statement))) == 1 - number


def test_a_check_asks_for_rows_that_break_it() -> None:
    (one,) = asked(rule("c", "CHECK ((length(name) > 3))", 2))
    assert one.rule == "WHERE NOT ((length(name) > 3))"
    assert one.what == "public.rooms breaks rule CHECK ((length(name) > 3))"


def test_a_foreign_key_asks_for_rows_that_refer_to_nothing() -> None:
    definition = "FOREIGN KEY (name) REFERENCES notes(id)"
    (one,) = asked(rule("f", definition, 2, parent=NOTES))
    assert one.what == "public.rooms refers to no row of public.notes"
    assert one.rule == (
        "t WHERE t.name IS NOT NULL AND NOT EXISTS (SELECT FROM public.notes p WHERE p.id = t.name)"
    )


def test_a_foreign_key_of_several_columns_is_asked_about_as_a_whole() -> None:
    definition = 'FOREIGN KEY (id, "Name") REFERENCES notes(id, "No") ON DELETE CASCADE'
    assert rules(rule("f", definition, 1, 2, parent=NOTES)) == [
        't WHERE t.id IS NOT NULL AND t."Name" IS NOT NULL AND NOT EXISTS '
        '(SELECT FROM public.notes p WHERE p.id = t.id AND p."No" = t."Name")'
    ]


def test_a_unique_index_asks_for_what_is_there_twice_and_shows_the_values() -> None:
    (one,) = asked(unique("public.rooms USING btree (name)"))
    assert one.what == "public.rooms holds the same (name) twice"
    assert one.sql == _FOUND.format("WHERE name IS NOT NULL GROUP BY name HAVING count(*) > 1")
    assert one.rows == (
        "SELECT name FROM public.rooms WHERE name IS NOT NULL GROUP BY name HAVING count(*) > 1 LIMIT 20"
    )
    assert rules(unique("ONLY public.rooms USING btree (id, name)")) == [
        "WHERE id IS NOT NULL AND name IS NOT NULL GROUP BY id, name HAVING count(*) > 1"
    ]


@pytest.mark.parametrize(
    ("words", "is_unique"),
    [
        ("public.rooms USING btree (name)", False),
        ("public.rooms USING btree (name DESC)", True),
        ("public.rooms USING btree (lower(name) text_pattern_ops)", True),
        ("public.rooms USING btree (name) NULLS NOT DISTINCT", True),
    ],
)
def test_an_index_that_is_no_plain_rule_is_not_asked_about_and_said(words: str, is_unique: bool) -> None:  # noqa: FBT001 - a fact
    assert rules(unique(words, is_unique=is_unique)) == []
    assert len(silent(unique(words, is_unique=is_unique))) == is_unique


@pytest.mark.parametrize(
    ("words", "condition"),
    [
        ("(lower(name))", "lower(name) IS NOT NULL GROUP BY lower(name)"),
        (
            "(id, ((name || ', (')))",
            "id IS NOT NULL AND ((name || ', (')) IS NOT NULL GROUP BY id, ((name || ', ('))",
        ),
        ("(name) WHERE (id > 3)", "(id > 3) AND name IS NOT NULL GROUP BY name"),
        ("(name) INCLUDE (id)", "name IS NOT NULL GROUP BY name"),
    ],
)
def test_a_unique_index_asks_about_its_expressions_and_the_rows_that_it_means(
    words: str, condition: str
) -> None:
    assert rules(unique(f"public.rooms USING btree {words}")) == [f"WHERE {condition} HAVING count(*) > 1"]


def test_a_new_column_that_must_have_a_value_and_has_none_asks_for_any_row() -> None:
    more = Column("more", "text", not_null=True, default=None)
    (one,) = asked(changed(BASE, columns={(ROOMS, 3): more}))
    assert (one.rule, one.what) == ("WHERE true", "public.rooms has rows, and more is NOT NULL")
    for filled in (
        replace(more, default="''"),
        replace(more, kind="identity d"),
        replace(more, not_null=False),
    ):
        assert asked(changed(BASE, columns={(ROOMS, 3): filled})) == ()


@pytest.mark.parametrize(
    "after",
    [
        rule("x", "EXCLUDE USING gist (name WITH =)", 2),
        rule("c", "CHECK ((id > 3)) NO INHERIT", 1),
        rule("f", "FOREIGN KEY (name) REFERENCES fresh(id)", 2, parent=NEW),
    ],
)
def test_a_rule_for_which_there_is_no_question_is_said(after: Catalogue) -> None:
    assert rules(after) == []
    (one,) = silent(after)
    assert one.startswith("public.rooms.rule ")


def test_what_binds_no_row_that_is_there_is_not_said() -> None:
    assert silent(rule("x", "EXCLUDE ...", 3)) == [], "the column is new"
    assert silent(rule("c", "CHECK ((id > 3)) NOT VALID", 1, valid=False)) == []
    assert silent(rule("p", "PRIMARY KEY (name)", 2)) == [], "its index is asked about"
    assert silent(column(2, not_null=True)) == []


def test_a_domain_of_a_live_column_with_another_rule_is_said() -> None:
    before = changed(column(2, type="public.label[]"), domains={"public.label": Domain("text", "")})
    ruled = changed(before, domains={"public.label": Domain("text", "CHECK ((VALUE <> ''::text))")})
    assert silent(ruled, before) == ["the domain public.label CHECK ((VALUE <> ''::text))"]
    assert silent(before, ruled) == [], "a rule that goes binds nobody"
    later = changed(before, domains={"public.label": Domain("text", "CHECK ((VALUE <> ''::text)) NOT VALID")})
    assert silent(later, before) == []
    assert silent(ruled, later) == silent(ruled, before), "it is validated"
    unused = changed(ruled, columns={(ROOMS, 2): BASE.columns[ROOMS, 2]})
    assert silent(unused, changed(unused, domains=before.domains)) == []


def test_rows_that_a_statement_before_changes_may_be_mended() -> None:
    required = did("ALTER", column(2, not_null=True))
    for rows, mended in ((Rows(updated=1), True), (Rows(scans=1, read=20), False)):
        (one,) = preflight(trace(did("UPDATE", BASE, rows={ROOMS: rows}), required))
        assert one.mended is mended
    (one,) = preflight(
        trace(required, did("UPDATE", column(2, not_null=True), rows={ROOMS: Rows(updated=1)}))
    )
    assert not one.mended, "it comes too late"


def test_names_are_quoted_as_the_server_writes_them() -> None:
    there = Column('No "1"', "text", not_null=False, default=None)
    odd = replace(QUOTED, name='public."Room List"')
    before = changed(BASE, relations={ROOMS: odd}, columns={(ROOMS, 2): there})
    required = changed(before, columns={(ROOMS, 2): replace(there, not_null=True)})
    (one,) = asked(required, before)
    assert one.sql == (
        'SELECT count(*) FROM (SELECT FROM public."Room List" WHERE "No ""1""" IS NULL LIMIT 1000) AS found'
    )
    twice = unique('public."Room List" USING btree ("No ""1""")', before)
    assert rules(twice, before) == ['WHERE "No ""1""" IS NOT NULL GROUP BY "No ""1""" HAVING count(*) > 1']


def test_a_rule_that_is_not_valid_is_asked_about_when_it_is_validated() -> None:
    later = rule("c", "CHECK ((id > 3)) NOT VALID", 1, valid=False)
    assert rules(later) == []
    whole = rule("c", "CHECK ((id > 3))", 1)
    found = preflight(trace(did("ADD", later), did("VALIDATE", whole)))
    assert [(one.rule, one.statement) for one in found] == [("WHERE NOT ((id > 3))", 1)]


def test_a_foreign_key_that_is_not_valid_is_not_asked_about() -> None:
    definition = "FOREIGN KEY (name) REFERENCES notes(id) NOT VALID"
    assert rules(rule("f", definition, 2, valid=False, parent=NOTES)) == []


def test_how_an_index_is_built_is_no_cast() -> None:
    after = unique("public.rooms USING btree (name)")
    (one,) = preflight(trace(did("CREATE UNIQUE INDEX rooms_new ON rooms USING btree (name)", after)))
    assert one.what.endswith("twice")


@pytest.mark.parametrize(
    "after",
    [
        column(2, name="title"),
        column(2, collation='"de"'),
        changed(BASE, columns={(ROOMS, 2): None}),
        changed(BASE, columns={(ROOMS, 3): Column("more", "text", not_null=True, default="''")}),
    ],
)
def test_what_asks_nothing_of_rows_is_not_asked_about(after: Catalogue) -> None:
    assert rules(after) == []


def test_a_column_with_another_name_is_not_asked_by_a_name_that_it_has_not_yet() -> None:
    renamed = column(2, name="title")
    ruled = Constraint("rule", ROOMS, "c", True, "CHECK ((title <> ''))", (2,), 0, 0)  # noqa: FBT003 - it is valid
    second = did("ADD", changed(renamed, constraints={70: ruled}))
    assert preflight(trace(did("RENAME", renamed), second)) == ()


_NEW = {(ROOMS, 3): Column("more", "text", not_null=False, default="''::text")}


@pytest.mark.parametrize(
    "made",
    [
        {"columns": {(ROOMS, 3): replace(_NEW[ROOMS, 3], type="integer")}},
        {"columns": {(ROOMS, 3): replace(_NEW[ROOMS, 3], not_null=True)}},
        {"constraints": {70: Constraint("rule", ROOMS, "c", True, "CHECK ((more <> ''))", (3,), 0, 0)}},  # noqa: FBT003 - it is valid
        {
            "relations": {NEW_KEY: relation("rooms_new", "i")},
            "indexes": {
                NEW_KEY: index(ROOMS, "CREATE UNIQUE INDEX i ON public.rooms USING btree (more)", unique=True)
            },
        },
    ],
)
def test_a_column_that_is_new_in_the_same_run_has_no_rows_to_ask(made: Mapping[str, Any]) -> None:
    first = changed(BASE, columns=_NEW)
    assert preflight(trace(did("ADD", first), did("ALTER", changed(first, **made)))) == ()


def test_a_table_that_is_new_or_a_parent_that_is_has_no_rows_to_ask() -> None:
    fresh = changed(BASE, relations={NEW: relation("fresh")})
    assert rules(unique("public.fresh USING btree (name)", fresh, NEW)) == []
    refers = Constraint("to", ROOMS, "f", True, "FOREIGN KEY (name) REFERENCES fresh(id)", (2,), 0, NEW)  # noqa: FBT003 - it is valid
    assert rules(changed(fresh, constraints={70: refers})) == []


def test_behind_a_statement_that_was_refused_nothing_is_known() -> None:
    assert preflight(trace(did("ALTER", None))) == ()
