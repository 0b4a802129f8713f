import math
import re
from pathlib import Path
from uuid import UUID

import pytest
from prometheus_client.parser import text_string_to_metric_families

from hotelctl.app.domain.ids import SYNTHETIC_HOTEL_ID
from hotelctl.app.domain.schema import SCHEMA_SERIAL
from hotelctl.app.identity import Identity
from hotelctl.app.services.metrics import Metrics
from hotelctl.app.store.ai_log import Interaction
from tests.app.people import HOTEL_A

Labels = tuple[tuple[str, str], ...]
_NAMES = {
    "hotel_http_requests_total": {"route", "method", "status", "synthetic"},
    "hotel_http_duration_seconds_count": {"route", "method", "synthetic"},
    "hotel_inflight_requests": set(),
    "hotel_db_query_seconds_count": {"name"},
    "hotel_db_pool_size": set(),
    "hotel_db_pool_checked_out": set(),
    "hotel_db_pool_waiting": set(),
    "hotel_ai_calls_total": {"model_key", "provider", "status", "synthetic"},
    "hotel_ai_tokens_total": {"dir", "synthetic"},
    "hotel_ai_latency_seconds_count": {"synthetic"},
    "hotel_qr_claims_total": {"result", "synthetic"},
    "hotel_login_total": {"result", "synthetic"},
    "hotel_ratelimited_total": {"bucket"},
    "hotel_limiter_failed_total": {"bucket"},
    "hotel_outbox_pending": set(),
    "hotel_build_info": {"version", "sha", "schema"},
    "hotel_ready": set(),
}


def _samples(metrics: Metrics) -> dict[tuple[str, Labels], float]:
    families = text_string_to_metric_families(metrics.text().decode())
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in families for s in family.samples}


def _call(tokens_in: int = 0, tokens_out: int = 0, hotel_id: UUID = HOTEL_A) -> Interaction:
    return Interaction(
        hotel_id=hotel_id,
        model_key="guest-messaging",
        provider="openai",
        status="success",
        latency_ms=300,
        tokens_in=tokens_in,
        tokens_out=tokens_out,
    )


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(Identity())


def test_every_figure_has_its_name_and_labels(metrics: Metrics) -> None:
    metrics.answered("/api/auth/login", "POST", 200, 0.1, synthetic=False)
    metrics.log_ins.labels("ok", "0").inc()
    metrics.queried("select users", 0.001)
    metrics.limited("login_ip")
    metrics.uncounted("default")
    metrics.ran(_call(tokens_in=5))
    metrics.qr_claims.labels("ok", "0").inc()
    found: dict[str, set[str]] = {}
    for name, labels in _samples(metrics):
        found.setdefault(name, set()).update(label for label, _ in labels)
    found = {name: labels for name, labels in found.items() if not name.endswith(("_bucket", "_sum"))}
    assert found == _NAMES


def test_nothing_is_counted_before_it_happened(metrics: Metrics) -> None:
    samples = _samples(metrics)
    counted = {name for name, _ in samples if name.endswith("_total")}
    assert counted == set()
    assert math.isnan(samples["hotel_outbox_pending", ()])


def test_what_runs_is_told(metrics: Metrics) -> None:
    identity = Identity()
    labels = {"version": identity.version, "sha": identity.git_sha, "schema": str(SCHEMA_SERIAL)}
    assert _samples(metrics)["hotel_build_info", tuple(sorted(labels.items()))] == 1


def test_a_run_of_a_model_counts_its_tokens_and_its_time(metrics: Metrics) -> None:
    metrics.ran(_call(tokens_in=7, tokens_out=3))
    metrics.ran(_call(tokens_in=1))
    samples = _samples(metrics)
    people = ("synthetic", "0")
    labels = (("model_key", "guest-messaging"), ("provider", "openai"), ("status", "success"), people)
    assert samples["hotel_ai_calls_total", labels] == 2
    assert samples["hotel_ai_tokens_total", (("dir", "in"), people)] == 8
    assert samples["hotel_ai_tokens_total", (("dir", "out"), people)] == 3
    assert samples["hotel_ai_latency_seconds_sum", (people,)] == pytest.approx(0.6)


def test_what_probes_do_is_counted_apart(metrics: Metrics) -> None:
    metrics.ran(_call(tokens_in=7, tokens_out=3, hotel_id=SYNTHETIC_HOTEL_ID))
    metrics.answered("/readyz", "GET", 200, 0.1, synthetic=True)
    counted = {labels for name, labels in _samples(metrics) if name.startswith(("hotel_ai_", "hotel_http_"))}
    assert counted
    assert all(("synthetic", "1") in labels for labels in counted)


def test_the_page_for_operators_names_every_figure_with_its_labels() -> None:
    """A row names figures that have the same labels."""
    page = (Path(__file__).parents[3] / "docs" / "service" / "operations.md").read_text(encoding="utf-8")
    told: dict[str, set[str]] = {}
    for names, labels in re.findall(r"^\| (`hotel_.*?) \| (.*?) ?\|$", page, re.MULTILINE):
        words = {re.sub(r"[ :(].*", "", label) for label in labels.split(", ") if label}
        told |= dict.fromkeys(re.findall(r"`(\w+)`", names), words)
    assert told == {name.removesuffix("_count"): labels for name, labels in _NAMES.items()}


def test_a_client_cannot_make_series_of_its_own(metrics: Metrics) -> None:
    for word in ("BREW", "WHEN"):
        metrics.answered("unmatched", word, 404, 0.1, synthetic=False)
    labels = (("method", "other"), ("route", "unmatched"), ("status", "404"), ("synthetic", "0"))
    assert _samples(metrics)["hotel_http_requests_total", labels] == 2
