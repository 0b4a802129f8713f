from dataclasses import replace

import pytest

from hotelctl.facts.catalogue import Catalogue
from hotelctl.facts.catalogue_change import Change, changes
from hotelctl.facts.catalogue_change import ChangeKind as Kind
from tests.facts.traces import (
    BASE,
    NEW,
    NEW_KEY,
    ROOMS,
    ROOMS_KEY,
    ROOMS_NAME,
    changed,
    constraint,
    index,
    relation,
    with_column,
    with_file,
    with_index,
    with_table,
)

VIEW, RULE = 60, 70
SEEN = changed(BASE, relations={VIEW: relation("seen", "v"), 61: relation("numbers", "S", 610)})
RULED = changed(BASE, constraints={RULE: constraint(ROOMS, valid=False)})
_ROOMS = BASE.relations[ROOMS]
_DEFINITION = "CREATE INDEX rooms_new ON public.rooms USING btree (name)"
_RULE = "CHECK ((name <> ''::text))"


def _without_rooms() -> Catalogue:
    return changed(
        BASE,
        relations={ROOMS: None, ROOMS_KEY: None, ROOMS_NAME: None},
        columns={(ROOMS, 1): None, (ROOMS, 2): None},
        indexes={ROOMS_KEY: None, ROOMS_NAME: None},
    )


def _rooms(kind: Kind, part: str = "", old: str = "", new: str = "", number: int = 0) -> Change:
    return Change(kind, ROOMS, "public.rooms", part, old, new, number)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (BASE, _without_rooms(), _rooms(Kind.GONE, old="r")),
        (SEEN, changed(SEEN, relations={VIEW: None}), Change(Kind.GONE, VIEW, "public.seen", old="v")),
        (
            BASE,
            changed(BASE, relations={ROOMS: replace(_ROOMS, name="public.halls")}),
            _rooms(Kind.RENAMED, old="public.rooms", new="public.halls"),
        ),
        (BASE, with_file(BASE, 101), _rooms(Kind.REWRITTEN, old="r")),
        (
            BASE,
            changed(BASE, relations={ROOMS: replace(_ROOMS, filenode=101, persistence="u")}),
            _rooms(Kind.REWRITTEN, old="r", new="persistence"),
        ),
        (
            BASE,
            changed(BASE, relations={ROOMS: replace(_ROOMS, filenode=101, method=9)}),
            _rooms(Kind.REWRITTEN, old="r", new="access method"),
        ),
        (
            BASE,
            with_file(BASE, 121, ROOMS_NAME),
            Change(Kind.REWRITTEN, ROOMS_NAME, "public.rooms_name", old="i"),
        ),
        (
            BASE,
            with_column(BASE, 3, default="0", not_null=True),
            _rooms(Kind.COLUMN_ADDED, "more", new="integer DEFAULT 0 NOT NULL"),
        ),
        (
            BASE,
            with_column(BASE, 3, default="(id * 2)", kind="generated s"),
            _rooms(Kind.COLUMN_ADDED, "more", new="integer generated s"),
        ),
        (
            BASE,
            changed(BASE, columns={(ROOMS, 2): None}),
            _rooms(Kind.COLUMN_GONE, "name", old="character varying(50)"),
        ),
        (BASE, with_column(BASE, name="title"), _rooms(Kind.COLUMN_RENAMED, "name", "name", "title")),
        (
            BASE,
            with_column(BASE, type="text", collation=None),
            _rooms(Kind.COLUMN_RETYPED, "name", "character varying(50)", "text"),
        ),
        (BASE, with_column(BASE, collation=None), _rooms(Kind.COLUMN_RECOLLATED, "name", '"C"')),
        (
            BASE,
            with_column(BASE, not_null=True),
            _rooms(Kind.REQUIRED, "name", "character varying(50)", "character varying(50) NOT NULL"),
        ),
        (BASE, RULED, _rooms(Kind.CONSTRAINT_ADDED, "rule", new=_RULE, number=RULE)),
        (
            RULED,
            changed(RULED, constraints={RULE: constraint(ROOMS)}),
            _rooms(Kind.CONSTRAINT_VALIDATED, "rule", _RULE, _RULE, RULE),
        ),
        (RULED, BASE, _rooms(Kind.CONSTRAINT_GONE, "rule", _RULE, number=RULE)),
        (
            BASE,
            with_index(BASE),
            _rooms(Kind.INDEX_ADDED, "public.rooms_new", new=_DEFINITION, number=NEW_KEY),
        ),
        (
            with_index(BASE),
            BASE,
            _rooms(Kind.INDEX_GONE, "public.rooms_new", old=_DEFINITION, number=NEW_KEY),
        ),
    ],
)
def test_each_change_is_told_alone(before: Catalogue, after: Catalogue, expected: Change) -> None:
    assert changes(before, after) == (expected,)


def _new_with_all() -> Catalogue:
    return changed(
        with_table(BASE),
        indexes={NEW_KEY: index(NEW)},
        constraints={RULE: constraint(NEW)},
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (BASE, BASE),
        (BASE, _new_with_all()),
        (SEEN, with_file(SEEN, 611, 61)),
        (SEEN, changed(SEEN, relations={61: relation("counter", "S", 610)})),
        (BASE, changed(BASE, relations={ROOMS_NAME: relation("rooms_by_name", "i", 120)})),
        (BASE, changed(BASE, constraints={RULE: constraint(ROOMS, "NOT NULL name", "n")})),
        (with_column(BASE, not_null=True), BASE),
        (BASE, with_column(BASE, default="'x'::text")),
    ],
    ids=[
        "nothing",
        "a new table with all that it has",
        "a sequence begins again",
        "a sequence has another name",
        "an index has another name",
        "the constraint that says NOT NULL",
        "a column may be NULL",
        "a default",
    ],
)
def test_what_is_no_change_of_what_others_know(before: Catalogue, after: Catalogue) -> None:
    assert changes(before, after) == ()
