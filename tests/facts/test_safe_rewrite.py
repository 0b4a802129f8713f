from dataclasses import replace
from typing import Any

import pytest

from hotelctl.facts.catalogue_change import ChangeKind
from hotelctl.facts.hazard import Hazard, HazardKind
from hotelctl.facts.safe_rewrite import safe_rewrite

_NAME = "public.rooms_name"
_INDEX = "CREATE INDEX rooms_name ON public.rooms USING btree (name)"
_UNIQUE = "CREATE UNIQUE INDEX rooms_name ON public.rooms USING btree (name)"
_FOREIGN = "FOREIGN KEY (hall) REFERENCES halls(id)"


def written(kind: HazardKind, sql: str = "", path: str = "", **fields: Any) -> str:  # noqa: ANN401 - its fields
    """How the project is told to write it."""
    good: dict[str, Any] = {"detail": "", "part": "name"}
    return safe_rewrite(Hazard(kind, 0, "public.rooms", **(good | fields)), sql, path)


@pytest.mark.parametrize(
    ("sql", "definition", "expected"),
    [
        (
            "create index on rooms (name)",
            _INDEX,
            "outside of a transaction:\n"
            "CREATE INDEX CONCURRENTLY rooms_name ON public.rooms USING btree (name);",
        ),
        (
            "CREATE UNIQUE INDEX rooms_name ON rooms (name)",
            _UNIQUE,
            "outside of a transaction:\n"
            "CREATE UNIQUE INDEX CONCURRENTLY rooms_name ON public.rooms USING btree (name);",
        ),
        (
            "ALTER TABLE rooms ADD CONSTRAINT rooms_name UNIQUE (name)",
            _UNIQUE,
            "outside of a transaction:\n"
            "CREATE UNIQUE INDEX CONCURRENTLY rooms_name ON public.rooms USING btree (name);\n"
            "then, in a migration of its own:\nSET lock_timeout = '3s';\n"
            "ALTER TABLE public.rooms ADD CONSTRAINT rooms_name UNIQUE USING INDEX rooms_name;",
        ),
        (
            "REINDEX INDEX rooms_name",
            "",
            "outside of a transaction:\nREINDEX INDEX CONCURRENTLY public.rooms_name;",
        ),
    ],
)
def test_an_index_is_built_while_others_write(sql: str, definition: str, expected: str) -> None:
    assert written(HazardKind.INDEX_BUILD, sql, part=_NAME, definition=definition) == expected


def test_a_key_stays_a_key() -> None:
    sql = "ALTER TABLE rooms ADD PRIMARY KEY (name)"
    assert written(HazardKind.INDEX_BUILD, sql, part=_NAME, definition=_UNIQUE).endswith(
        "ADD CONSTRAINT rooms_name PRIMARY KEY USING INDEX rooms_name;"
    )


@pytest.mark.parametrize("rule", ["CHECK ((name <> ''::text))", _FOREIGN])
@pytest.mark.parametrize("end", ["", " NOT VALID"])
def test_a_rule_is_added_first_and_validated_later(rule: str, end: str) -> None:
    assert written(HazardKind.SCAN, part="rule", definition=f"{rule}{end}").splitlines() == [
        "SET lock_timeout = '3s';",
        f"ALTER TABLE public.rooms ADD CONSTRAINT rule {rule} NOT VALID;",
        "then, in a transaction of its own:",
        "ALTER TABLE public.rooms VALIDATE CONSTRAINT rule;",
    ]


def test_not_null_goes_by_a_check_that_is_validated_first() -> None:
    lines = written(HazardKind.SCAN, definition="text NOT NULL").splitlines()
    assert lines[1:] == [
        "ALTER TABLE public.rooms ADD CONSTRAINT name_not_null CHECK (name IS NOT NULL) NOT VALID;",
        "then, in a transaction of its own:",
        "ALTER TABLE public.rooms VALIDATE CONSTRAINT name_not_null;",
        "then:",
        "ALTER TABLE public.rooms ALTER name SET NOT NULL, DROP CONSTRAINT name_not_null;",
    ]
    assert "NOT VALID first" in written(HazardKind.SCAN, part="")


@pytest.mark.parametrize(
    ("definition", "cause", "words"),
    [
        ("bigint NOT NULL", ChangeKind.COLUMN_RETYPED, "ADD COLUMN name_new bigint NOT NULL;"),
        ("uuid DEFAULT gen_random_uuid()", ChangeKind.COLUMN_ADDED, "ADD COLUMN name uuid;"),
        ("integer generated s", ChangeKind.COLUMN_ADDED, "ADD COLUMN name integer;"),
        ("bigint identity a NOT NULL", ChangeKind.COLUMN_ADDED, "ADD COLUMN name bigint;"),
    ],
)
def test_a_column_is_filled_in_batches(definition: str, cause: ChangeKind, words: str) -> None:
    found = written(HazardKind.REWRITE, definition=definition, cause=cause)
    assert words in found
    assert found.startswith("SET lock_timeout")
    assert "in batches" in found


def test_a_rule_that_is_checked_again_for_a_new_type_is_added_again() -> None:
    found = written(HazardKind.SCAN, definition="varchar(60)", cause=ChangeKind.COLUMN_RETYPED)
    assert "ALTER name TYPE varchar(60), ADD the rule again NOT VALID;" in found


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("m/2.sql", "in a file with the line -- hotelctl: no-transaction:\n"),
        ("m/2.py", "inside with op.get_context().autocommit_block():\n"),
        ("", "outside of a transaction:\n"),
    ],
)
def test_how_a_transaction_is_left_goes_by_the_file(path: str, words: str) -> None:
    sql = "CREATE INDEX CONCURRENTLY rooms_name ON rooms (name)"
    refused = "CREATE INDEX CONCURRENTLY cannot run inside a transaction block (25001)"
    assert written(HazardKind.CANNOT_RUN, sql, path, detail=refused) == f"{words}{sql};"
    assert written(HazardKind.CANNOT_RUN, sql, path, detail="no such table (42P01)") == ""
    assert written(HazardKind.INDEX_BUILD, "CREATE INDEX ...", path, definition=_INDEX).startswith(words)


def test_what_a_role_may_not_do_another_does_ahead() -> None:
    refused = "permission denied to create role (42501)"
    assert "let a role that may do it" in written(HazardKind.CANNOT_RUN, "CREATE ROLE a", detail=refused)


def test_other_ways() -> None:
    assert "pg_repack" in written(HazardKind.REWRITE, "VACUUM FULL rooms", part="")
    assert "public.rooms by its key" in written(HazardKind.BACKFILL)
    assert "two migrations: what locks public.rooms" in written(HazardKind.HELD_LOCK)
    assert written(HazardKind.NO_LOCK_TIMEOUT, " DROP TABLE rooms\n") == (
        "SET lock_timeout = '3s';\nDROP TABLE rooms;"
    )
    assert written(HazardKind.INVALID_INDEX, part=_NAME).startswith(f"DROP INDEX CONCURRENTLY {_NAME};")


@pytest.mark.parametrize("kind", HazardKind)
def test_every_kind_has_an_answer_that_may_be_empty(kind: HazardKind) -> None:
    hazard = Hazard(kind, 0, "public.rooms", "")
    assert safe_rewrite(hazard, "SELECT 1") == safe_rewrite(replace(hazard, statement=1), "SELECT 1")
