import pytest

from hotelctl.checks.schema.model_equals_migrations import model_equals_migrations
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.facts.schema_text import BuiltSchema
from tests.checks import made


def _built(model_exit: int | None, *, ok: bool = True) -> BuiltSchema:
    return BuiltSchema(
        "" if ok else "broken", "b", "", model_exit, "details\ncolumn rooms.floor is missing", ("check",)
    )


def test_no_difference_is_fine() -> None:
    assert not made.judged(model_equals_migrations, _built(0))


def test_a_difference_is_told_in_the_last_line() -> None:
    (finding,) = made.judged(model_equals_migrations, _built(1))
    assert "column rooms.floor is missing" in finding.message


def test_without_a_command_it_does_not_arise_and_without_a_schema_it_is_unknown() -> None:
    with pytest.raises(NotApplicable):
        made.judged(model_equals_migrations, _built(None))
    with pytest.raises(Unavailable):
        made.judged(model_equals_migrations, _built(0, ok=False))
