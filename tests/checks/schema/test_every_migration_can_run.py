from dataclasses import replace

import pytest

from hotelctl.checks.schema.every_migration_can_run import every_migration_can_run
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Severity
from hotelctl.facts.hazard import HazardKind
from tests.checks import made


def test_a_statement_that_the_server_refuses_is_named() -> None:
    (finding,) = made.judged(every_migration_can_run, made.of_every_kind())
    assert finding.message.startswith("migrations/2.sql:7: cannot run")
    assert (finding.severity, every_migration_can_run.info.severity) == (None, Severity.CRITICAL)


def test_however_few_rows_there_are() -> None:
    few = made.migration_run(made.hazard(HazardKind.CANNOT_RUN), rows={"public.rooms": 3})
    (finding,) = made.judged(every_migration_can_run, few)
    assert finding.severity is None


def test_a_migration_in_which_nothing_was_seen_is_fine() -> None:
    assert made.judged(every_migration_can_run, made.migration_run()) == []


def test_whose_right_is_missing_is_named() -> None:
    refused = made.hazard(HazardKind.CANNOT_RUN, detail="permission denied to create role (42501)")
    run = replace(made.migration_run(refused), role="keeper")
    (finding,) = made.judged(every_migration_can_run, run)
    assert finding.message.startswith(
        "migrations/2.sql:7: permission denied to create role (42501) for keeper, who migrates here"
    )


def test_rights_that_nobody_could_try_are_not_taken_for_given() -> None:
    run = replace(made.migration_run(), unproven="pg_roles has no row of it")
    with pytest.raises(Unavailable, match="rights of whoever migrates live are not proven: pg_roles"):
        made.judged(every_migration_can_run, run)
