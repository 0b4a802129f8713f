from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from hotelctl.checks.operations.waivers_are_looked_over import waivers_are_looked_over
from hotelctl.checks.security.waivers_are_in_order import waivers_are_in_order
from hotelctl.cli._judging import Bench
from hotelctl.cli._waiving import Waiving, require_readable
from hotelctl.cli._wiring import Asked, configure
from hotelctl.core.check import Check
from hotelctl.core.errors import Unavailable, UsageError
from hotelctl.core.finding import Finding, Measurement, Severity
from hotelctl.core.judging import FactStore
from hotelctl.core.narrowing import Narrowing
from hotelctl.core.progress import Silent
from hotelctl.core.report import CheckResult, Status
from hotelctl.core.waiver import Waiver
from hotelctl.facts.waivers import WaiverBook, WaiverUse
from tests.config.test_load import MINIMAL
from tests.config.test_waivers import ENTRY
from tests.fakes.evidence import FakeEvidence
from tests.render import made

TODAY = date(2026, 3, 1)


def rotten(_book: int) -> Iterator[Finding]:
    yield Finding("ROT", "is rotten", (Measurement("n", 1, ""),))


def results(*waivers: Waiver, narrowing: Narrowing | None = None) -> dict[str, CheckResult]:
    """ENV001 finds ROT, ENV002 cannot be judged; the checks about waivers stand before them."""
    evidence = FakeEvidence()

    def book(_context: object) -> WaiverBook:
        evidence.record("read", {})
        return WaiverBook("waivers.toml", waivers, TODAY)

    def use(_context: object, _book: WaiverBook) -> WaiverUse:
        return WaiverUse(frozenset(), frozenset())

    def number(_context: object) -> int:
        evidence.record("read", {})
        return 1

    def away(_context: object) -> str:
        raise Unavailable("the server is away")

    facts = FactStore({WaiverBook: book, WaiverUse: use, int: number, str: away}, None, evidence)
    bench = Bench(
        facts, evidence, Severity.HIGH, Silent(), Waiving(facts, Severity.HIGH), narrowing=narrowing
    )
    checks = [
        waivers_are_in_order,
        waivers_are_looked_over,
        Check(made.info("ENV001"), (int,), rotten),
        Check(made.info("ENV002"), (str,), rotten),
    ]
    return {result.info.id: result for result in bench.judge(checks, 2)}


def test_a_waiver_in_use_is_applied_and_told_of() -> None:
    found = results(made.waiver("ENV001", target="ROT"))
    assert found["ENV001"].status is Status.WAIVED
    assert found["SEC023"].status is Status.PASSED
    assert [f.severity for f in found["OPS012"].findings] == [Severity.INFO]


def test_one_that_covers_nothing_is_found_after_all_others_were_judged() -> None:
    found = results(made.waiver("ENV001", target="FRESH"))
    assert found["ENV001"].status is Status.FAILED
    (finding,) = found["SEC023"].findings
    assert "covers no finding" in finding.finding.message
    assert found["OPS012"].status is Status.PASSED


def test_unknown_is_not_waived_and_its_waiver_not_called_unused() -> None:
    found = results(made.waiver("ENV002", target="ROT"))
    assert found["ENV002"].status is Status.UNKNOWN
    assert found["SEC023"].status is Status.PASSED
    assert found["OPS012"].status is Status.UNKNOWN


def test_a_file_that_cannot_be_understood_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hotelctl.toml").write_text(MINIMAL)
    monkeypatch.chdir(tmp_path)
    configuration, rules = configure(Asked(None, "local")), [made.info("ENV016"), made.info("ENV017")]
    require_readable(configuration, rules)
    (tmp_path / "waivers.toml").write_text(ENTRY)
    require_readable(configuration, rules)
    (tmp_path / "waivers.toml").write_text(ENTRY.replace("ENV016", "ENV061"))
    with pytest.raises(UsageError, match=r"waivers\.toml:1: no rule is called 'ENV061'; did you mean 'ENV01"):
        require_readable(configuration, rules)
    (tmp_path / "waivers.toml").write_text(ENTRY.replace("reason", "raeson"))
    with pytest.raises(UsageError, match=r"waivers\.toml:4: unknown key"):
        require_readable(configuration, rules)
    (tmp_path / "waivers.toml").unlink()
    (tmp_path / "waivers.toml").mkdir()
    with pytest.raises(UsageError, match=r"waivers\.toml: cannot be read"):
        require_readable(configuration, rules)


def test_a_waiver_of_a_check_whose_findings_were_left_out_is_not_called_unused() -> None:
    held = made.waiver("ENV001", target="OTHER", place="waivers.toml:1", created=TODAY)
    left = Narrowing(lambda info, found: found if info.id == "ENV001" else [], "known from base.json")
    assert results(held)["SEC023"].findings
    narrowed = results(held, narrowing=left)
    assert narrowed["ENV001"].status is Status.PASSED
    assert narrowed["ENV001"].left_out == "1 finding left out, known from base.json: ROT"
    assert narrowed["SEC023"].findings == ()
