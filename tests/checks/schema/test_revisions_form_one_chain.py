import pytest

from hotelctl.checks.schema.revisions_form_one_chain import revisions_form_one_chain
from hotelctl.core.errors import Unavailable
from hotelctl.facts.live_database import DatabaseStand, LiveDatabase, Role
from hotelctl.facts.migration_set import MigrationSet, Revision
from tests.checks import made

_OWNER = Role("owner", exists=True, superuser=True)


def _set(*pairs: tuple[str, tuple[str, ...]]) -> MigrationSet:
    revisions = (Revision(one, down, f"m/{one}_{n}.py", "0") for n, (one, down) in enumerate(pairs))
    return MigrationSet("alembic", tuple(revisions))


def _live(revisions: tuple[str, ...] = (), objects: tuple[str, ...] = ()) -> DatabaseStand:
    return DatabaseStand(LiveDatabase("app", "18.4", _OWNER, revisions, objects))


_CHAIN = _set(("a", ()), ("b", ("a",)))


def test_one_head_and_a_known_or_empty_database_are_fine() -> None:
    assert not made.judged(revisions_form_one_chain, _CHAIN, _live())
    assert not made.judged(revisions_form_one_chain, _CHAIN, _live(("a",), ("table public.rooms",)))


def test_two_heads_are_named() -> None:
    (finding,) = made.judged(revisions_form_one_chain, _set(("a", ()), ("b", ("a",)), ("c", ("a",))), _live())
    assert "b, c" in finding.message
    assert len(finding.evidence) == 2


def test_a_gap_and_a_repeat_are_named() -> None:
    (gap,) = made.judged(revisions_form_one_chain, _set(("b", ("lost",))), _live())
    assert "not there" in gap.message
    repeats = made.judged(revisions_form_one_chain, _set(("a", ()), ("a", ())), _live())
    assert {finding.subject for finding in repeats} == {"a"}


def test_an_unknown_revision_is_named() -> None:
    (finding,) = made.judged(revisions_form_one_chain, _CHAIN, _live(("zzz",), ("table public.rooms",)))
    assert "zzz" in finding.message
    assert "(it holds table public.rooms)" in finding.message
    assert "createdb" in (finding.fix or "")


def test_a_foreign_database_is_named_with_the_first_that_is_there() -> None:
    objects = tuple(f"view public.t{n}" for n in range(9))
    (finding,) = made.judged(revisions_form_one_chain, _CHAIN, _live((), objects))
    assert "9 objects" in finding.message
    assert "view public.t0" in finding.message
    assert "public.t8" not in finding.message
    assert "createdb" in (finding.fix or "")


def test_one_table_of_other_migrations_is_enough() -> None:
    (finding,) = made.judged(revisions_form_one_chain, _CHAIN, _live((), ("table public.schema_migrations",)))
    assert "holds 1 object that no migration" in finding.message


def test_a_service_without_a_database_is_judged_by_its_sources() -> None:
    assert not made.judged(revisions_form_one_chain, _CHAIN, DatabaseStand(None))
    (finding,) = made.judged(revisions_form_one_chain, _set(("a", ()), ("b", ())), DatabaseStand(None))
    assert finding.subject == "heads"


def test_a_database_that_cannot_be_asked_is_no_pass_whatever_the_sources_say() -> None:
    with pytest.raises(Unavailable, match="connection refused"):
        made.judged(revisions_form_one_chain, _CHAIN, DatabaseStand(None, "connection refused"))
