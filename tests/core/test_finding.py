import pytest

from hotelctl.core.finding import FileExcerpt, Finding, Location, Measurement, Severity
from hotelctl.core.redact import by_shape

EVIDENCE = (FileExcerpt(".env", 3, by_shape("A=")),)


def finding(subject: str = "A", location: Location | None = None, message: str = "is empty") -> Finding:
    return Finding(subject, message, EVIDENCE, location)


def test_a_claim_without_evidence_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="finding about 'DATABASE_URL' has no evidence"):
        Finding("DATABASE_URL", "is not set", ())


def test_severities_are_ordered_as_the_flags_spell_them() -> None:
    assert [severity.word for severity in sorted(Severity)] == ["info", "low", "medium", "high", "critical"]


def test_a_place_is_written_as_editors_understand_it() -> None:
    assert str(Location("a/b.toml", 7)) == "a/b.toml:7"
    assert str(Location("a/b.toml")) == "a/b.toml"


def test_a_fingerprint_stays_when_lines_and_words_move() -> None:
    one = finding(location=Location(".env", 3)).fingerprint("ENV001")
    assert one == finding(location=Location(".env", 99), message="is blank").fingerprint("ENV001")
    assert len(one) == 16
    assert int(one, 16) >= 0


def test_a_fingerprint_tells_rule_file_and_subject_apart() -> None:
    all_different = {
        finding(location=Location(".env", 3)).fingerprint("ENV001"),
        finding(location=Location(".env", 3)).fingerprint("ENV002"),
        finding(location=Location(".env.local", 3)).fingerprint("ENV001"),
        finding("B", Location(".env", 3)).fingerprint("ENV001"),
        finding("A").fingerprint("ENV001"),
        finding("", Location("A")).fingerprint("ENV001"),
    }
    assert len(all_different) == 6


def test_a_measurement_stands_for_one_unless_it_says_more() -> None:
    assert (Measurement("p95", 0.1, "s").n, Measurement("p95", 0.1, "s").limit) == (1, None)


def test_a_name_that_is_no_text_has_a_fingerprint_too() -> None:
    assert len(finding("\ud800").fingerprint("ENV001")) == 16


def test_a_subject_that_names_the_line_does_not_change_the_fingerprint() -> None:
    early, late = (
        Finding(f".env:{n}", f"line {n} is dropped", (Measurement("n", 1, ""),), Location(".env", n))
        for n in (3, 44)
    )
    assert early.fingerprint("ENV007") == late.fingerprint("ENV007")
