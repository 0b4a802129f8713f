from dataclasses import replace
from datetime import timedelta

from hotelctl.checks.operations.newest_backup_is_proven import newest_backup_is_proven
from hotelctl.core.finding import Severity
from hotelctl.facts.kept_backups import KeptBackups, Manifest
from hotelctl.facts.spoilt_file import SpoiltFile
from tests.checks import made

ONE = Manifest("d2", "backups/d2/manifest.json", made.NOON, made.NOON, "a" * 64)
GOOD = KeptBackups(
    "backups", ONE, "a" * 64, (), made.NOON + timedelta(hours=168), timedelta(hours=168), "production"
)


def test_a_young_one_that_was_restored_is_fine() -> None:
    assert not made.judged(newest_backup_is_proven, GOOD)
    assert not made.judged(newest_backup_is_proven, replace(GOOD, unproven=("d3",)))


def test_none_or_none_that_was_restored_is_a_finding() -> None:
    (finding,) = made.judged(newest_backup_is_proven, replace(GOOD, newest=None, sha256=None))
    assert finding.message == "backups: there is no backup"
    (finding,) = made.judged(newest_backup_is_proven, replace(GOOD, newest=None, unproven=("d3",)))
    assert finding.message == "backups: none of d3 was restored on trial"


def test_a_dump_that_changed_or_went_is_a_finding() -> None:
    for now, words in (("b" * 64, "is bbbbbbbbbbbb now"), (None, "is gone")):
        (finding,) = made.judged(newest_backup_is_proven, replace(GOOD, sha256=now))
        assert words in finding.message
        assert finding.severity is None


def test_an_old_one_is_a_finding_and_a_note_where_nothing_is_missed() -> None:
    old = replace(GOOD, now=GOOD.now + timedelta(hours=1), unproven=("d3",))
    (finding,) = made.judged(newest_backup_is_proven, old)
    assert "d2 is 169 h old, the limit is 168 h; d3 was never restored" in finding.message
    assert finding.severity is None
    (finding,) = made.judged(newest_backup_is_proven, replace(old, profile="ci"))
    assert finding.severity is Severity.MEDIUM


def test_a_younger_one_with_a_spoilt_manifest_is_a_note_beside_what_decides() -> None:
    spoilt = (SpoiltFile("backups/d3/manifest.json", "it has no 'sha256'"),)
    (finding,) = made.judged(newest_backup_is_proven, replace(GOOD, spoilt=spoilt))
    assert finding.message == "backups/d3/manifest.json: cannot be read: it has no 'sha256'"
    assert finding.severity is Severity.LOW
    _, changed = made.judged(newest_backup_is_proven, replace(GOOD, spoilt=spoilt, sha256="b" * 64))
    assert (changed.subject, changed.severity) == ("d2", None)
