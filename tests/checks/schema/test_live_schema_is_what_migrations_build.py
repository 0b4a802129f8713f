import pytest

from hotelctl.checks.schema.live_schema_is_what_migrations_build import live_schema_is_what_migrations_build
from hotelctl.core.errors import Unavailable
from hotelctl.facts.old_model import Drift
from hotelctl.facts.schema_text import LiveSchema, SchemaAtLive
from tests.checks import made

_BUILT = """
CREATE TABLE public.rooms (
    id bigint NOT NULL,
    name text
);
CREATE INDEX rooms_name ON public.rooms USING btree (name);
"""


def _judged(live: str) -> list[tuple[str, str]]:
    found = made.judged(
        live_schema_is_what_migrations_build,
        LiveSchema("app", "b", live),
        SchemaAtLive("b", "", _BUILT),
    )
    return [(finding.subject, finding.message) for finding in found]


def test_the_same_schema_with_columns_in_another_order_is_fine() -> None:
    assert not _judged(
        _BUILT.replace("id bigint NOT NULL,\n    name text", "name text,\n    id bigint NOT NULL")
    )


def test_a_changed_object_is_named() -> None:
    ((subject, message),) = _judged(_BUILT.replace("name text\n", "name varchar(9)\n"))
    assert subject == "CREATE TABLE public.rooms"
    assert "differs" in message


def test_alembic_s_words_stand_beside_the_object_that_they_are_of() -> None:
    words = (Drift("rooms", "column rooms.name is missing"), Drift("halls", "table halls is missing"))
    live = LiveSchema(
        "app", "b", _BUILT.replace(",\n    name text\n", "\n").replace("rooms_name", "rooms_by")
    )
    found = made.judged(live_schema_is_what_migrations_build, live, SchemaAtLive("b", "", _BUILT, words))
    assert [one.message.partition("; ")[2] for one in found] == ["Alembic: column rooms.name is missing"] * 3
    assert "Alembic" not in dict(_judged(live.text))["CREATE TABLE public.rooms"]


def test_missing_and_added_objects_are_told_apart() -> None:
    live = _BUILT.replace(
        "CREATE INDEX rooms_name ON public.rooms USING btree (name);", "CREATE TABLE public.mine (x int);"
    )
    found = dict(_judged(live))
    assert "missing" in found["CREATE INDEX rooms_name ON public.rooms"]
    assert "only in the live" in found["CREATE TABLE public.mine"]


@pytest.mark.parametrize("name", ["rooms_name", '"Rooms ""by"" name"'])
def test_an_index_may_be_there_and_invalid_so_its_remedy_takes_it_away_first(name: str) -> None:
    built = f"CREATE UNIQUE INDEX {name} ON public.rooms USING btree (name);"
    (found,) = made.judged(
        live_schema_is_what_migrations_build, LiveSchema("app", "b", ""), SchemaAtLive("b", "", built)
    )
    assert "is missing in the live database, or invalid there" in found.message
    assert found.fix == f"DROP INDEX IF EXISTS public.{name};\n{built}"


def test_the_ledgers_of_another_tool_and_of_ours_are_no_drift() -> None:
    ours, theirs = (
        f"CREATE TABLE public.{name} (id text);\nALTER TABLE ONLY public.{name} ADD CONSTRAINT {name}_pkey"
        " PRIMARY KEY (id);"
        for name in ("schema_migrations", "_prisma_migrations")
    )
    live = LiveSchema("app", "b", _BUILT + theirs + "CREATE TABLE public.mine (x int);")
    built = SchemaAtLive("b", "", _BUILT + ours, ledgers=("_prisma_migrations", "schema_migrations"))
    found = made.judged(live_schema_is_what_migrations_build, live, built)
    assert [one.subject for one in found] == ["CREATE TABLE public.mine"]


def test_a_chain_that_does_not_run_is_unknown() -> None:
    with pytest.raises(Unavailable):
        made.judged(
            live_schema_is_what_migrations_build,
            LiveSchema("app", "b", ""),
            SchemaAtLive("b", "broken", ""),
        )
