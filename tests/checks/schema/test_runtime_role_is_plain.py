import dataclasses

import pytest

from hotelctl.checks.schema.runtime_role_is_plain import runtime_role_is_plain
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import Severity
from hotelctl.facts.live_database import LiveDatabase, Role
from tests.checks import made

_OWNER = Role("owner", exists=True)
_PLAIN = Role("app", exists=True, can_log_in=True)


def _live(role: Role | None, revisions: tuple[str, ...] = ("a",)) -> LiveDatabase:
    return LiveDatabase("app", "18.4", _OWNER, revisions, (), role)


def test_a_plain_role_is_fine() -> None:
    assert not made.judged(runtime_role_is_plain, _live(_PLAIN))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"superuser": True}, "superuser"),
        ({"bypasses_rls": True}, "BYPASSRLS"),
        ({"owns": ("public.rooms",)}, "owns public.rooms"),
        ({"member_of_owner": True}, "member of the owner"),
        ({"exists": False, "can_log_in": False}, "does not exist"),
    ],
)
def test_every_way_around_the_policies_is_a_finding(change: dict[str, object], words: str) -> None:
    (finding,) = made.judged(runtime_role_is_plain, _live(dataclasses.replace(_PLAIN, **change)))  # type: ignore[arg-type]  # fields by name
    assert words in finding.message
    assert finding.severity is None
    assert finding.fix


def test_a_role_without_log_in_is_mended_by_the_deploy() -> None:
    (finding,) = made.judged(runtime_role_is_plain, _live(dataclasses.replace(_PLAIN, can_log_in=False)))
    assert finding.severity is Severity.LOW


def test_a_release_that_connects_as_a_superuser_is_warned_of() -> None:
    database = dataclasses.replace(_live(None, ()), owner=dataclasses.replace(_OWNER, superuser=True))
    (finding,) = made.judged(runtime_role_is_plain, database)
    assert finding.message.startswith("the release connects as the superuser owner: ")
    assert finding.severity is Severity.MEDIUM
    assert "runtime_role =" in (finding.fix or "")


def test_before_the_first_migration_or_without_a_role_it_does_not_arise() -> None:
    absent = dataclasses.replace(_PLAIN, exists=False)
    for database in (_live(absent, ()), _live(None)):
        with pytest.raises(NotApplicable):
            made.judged(runtime_role_is_plain, database)
