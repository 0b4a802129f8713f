"""The numbers in the list of what one might expect otherwise are those of the code."""

from pathlib import Path

from hotelctl.app.domain.qr import DEFAULT_TTL_MIN
from hotelctl.app.domain.session_length import BY_CODE
from hotelctl.app.services import challenges
from hotelctl.app.services.admission import IDLE
from hotelctl.app.services.password_check import _EMAIL_LIMIT
from hotelctl.app.settings import Settings
from hotelctl.app.smoke.probes import PROBES

_PAGE = Path(__file__).parents[2] / "docs" / "service" / "operations.md"


def test_the_numbers_are_those_of_the_code() -> None:
    text = _PAGE.read_text(encoding="utf-8").split("## What one might expect otherwise")[1]
    least = Settings.model_fields["login_failures_per_minute"].default
    assert f"{least} a minute from one address" in text
    assert f"{_EMAIL_LIMIT.allowed} in {_EMAIL_LIMIT.window_s // 60} minutes for one e-mail" in text
    budgets = {probe.name.split()[0]: probe.budget_s for probe in PROBES}
    assert f"P8 has {budgets['P8']:.0f}" in text
    assert max(budgets, key=budgets.__getitem__) == "P8"
    assert DEFAULT_TTL_MIN == 60
    assert f"without its end for {IDLE['guest'].total_seconds() / 3600:.0f} hours" in text
    assert f"{challenges.TTL.total_seconds() / 60:.0f} minutes for the password" in text
    assert f"in for {BY_CODE.total_seconds() / 3600:.0f} hours at most" in text
