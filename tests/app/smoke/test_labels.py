"""Figures of a service that only probes have asked: alerts about people see nothing of them."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from hotelctl.app.smoke.run import Run, run_probes
from tests.app.smoke.conftest import unhurried

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_LABELLED = {
    *("hotel_http_requests", "hotel_http_duration_seconds", "hotel_ai_calls", "hotel_ai_latency_seconds"),
    *("hotel_qr_claims", "hotel_login"),
}
# Asked by whoever comes along: of no hotel.
_FOR_ALL = {
    *("/health", "/readyz", "/version", "/api/health/db", "/static/{stem}.{digest}.{suffix}"),
    *("/q/{token}", "/login", "/logout"),
}


async def test_what_probes_do_is_labelled(run: Run) -> None:
    results = await run_probes(unhurried("P0", "P1", "P2", "P3", "P4", "P5"), run)
    assert [result["why"] for result in results] == [""] * 6
    told = (await run.talk.ask("GET /metrics")).must(200)
    samples = [one for family in text_string_to_metric_families(told.text) for one in family.samples]
    families = {family.name for family in text_string_to_metric_families(told.text)}
    labelled = [one for one in samples if one.labels.get("synthetic") == "1"]
    assert {name for name in families if any(one.name.startswith(name) for one in labelled)} == _LABELLED
    rest = [one.labels for one in samples if one.labels.get("synthetic") == "0"]
    # An address and a code that nobody has are of no hotel, and refused.
    assert {one["result"] for one in rest if "result" in one} == {"refused"}
    assert not any("model_key" in one for one in rest)
    served = {one["route"] for one in rest if one.get("status", "").startswith("2")}
    assert served <= _FOR_ALL
