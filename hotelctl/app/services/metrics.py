"""The figures of one instance, as Prometheus reads them; what was not measured is absent or NaN, never 0."""

import math

import prometheus_client as prometheus
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from hotelctl.app.domain.ids import is_synthetic
from hotelctl.app.domain.schema import SCHEMA_SERIAL
from hotelctl.app.identity import Identity
from hotelctl.app.store.ai_log import Interaction

_REQUEST_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)
_QUERY_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5)
_CALL_S = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

# A time of creation beside each figure would double the page for nobody's use.
prometheus.disable_created_metrics()  # type: ignore[no-untyped-call] # the library's own gap


class Metrics:
    """All figures; names and labels are what dashboards and alerts rely on.

    `synthetic` is 1 for what is known to be of probes, so that alerts can be about people alone.
    """

    def __init__(self, identity: Identity) -> None:
        self.registry = CollectorRegistry()
        counter, gauge = self._counter, self._gauge
        self._requests = counter("http_requests", "Answers.", "route", "method", "status", "synthetic")
        self._duration = self._histogram(
            "http_duration", "Requests.", _REQUEST_S, "route", "method", "synthetic"
        )
        self.inflight = gauge("inflight_requests", "Requests under way.")
        self._queries = self._histogram("db_query", "Statements.", _QUERY_S, "name")
        parts = ("size", "checked_out", "waiting")
        self.pool = {part: gauge(f"db_pool_{part}", "Database connections.") for part in parts}
        self._ai_calls = counter(
            "ai_calls", "Runs of models.", "model_key", "provider", "status", "synthetic"
        )
        self._ai_tokens = counter("ai_tokens", "Tokens of language models.", "dir", "synthetic")
        self._ai_latency = self._histogram("ai_latency", "Runs of models.", _CALL_S, "synthetic")
        self.qr_claims = counter("qr_claims", "Codes that were shown to be let in.", "result", "synthetic")
        self.log_ins = counter("login", "Log-ins that were tried.", "result", "synthetic")
        self._rate_limited = counter("ratelimited", "Attempts beyond a limit.", "bucket")
        self._uncounted = counter("limiter_failed", "Attempts that could not be counted.", "bucket")
        self.outbox_pending = gauge("outbox_pending", "Mails that wait to be sent.")
        self.outbox_pending.set(math.nan)
        self.ready = gauge("ready", "1 when traffic may come.")
        build = gauge("build_info", "What runs.", "version", "sha", "schema")
        build.labels(identity.version, identity.git_sha, str(SCHEMA_SERIAL)).set(1)

    def _counter(self, name: str, docs: str, *labels: str) -> Counter:
        return Counter(f"hotel_{name}", docs, labels, registry=self.registry)

    def _gauge(self, name: str, docs: str, *labels: str) -> Gauge:
        return Gauge(f"hotel_{name}", docs, labels, registry=self.registry)

    def _histogram(self, name: str, docs: str, bounds_s: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"hotel_{name}_seconds", docs, labels, buckets=bounds_s, registry=self.registry)

    def answered(self, route: str, method: str, status: int, dur_s: float, *, synthetic: bool) -> None:
        """One request is over; status 0 means that it ended without an answer."""
        # The client chooses the method's word, and each new word would be a new series for ever.
        word = method if method in _METHODS else "other"
        whose = str(int(synthetic))
        self._requests.labels(route, word, str(status), whose).inc()
        self._duration.labels(route, word, whose).observe(dur_s)

    def ran(self, call: Interaction) -> None:
        """One run of a model is over and in the log."""
        whose = str(int(is_synthetic(call.hotel_id)))
        self._ai_calls.labels(call.model_key, call.provider, call.status, whose).inc()
        for direction, tokens in (("in", call.tokens_in), ("out", call.tokens_out)):
            if tokens:
                self._ai_tokens.labels(direction, whose).inc(tokens)
        self._ai_latency.labels(whose).observe(call.latency_ms / 1000)

    def queried(self, name: str, dur_s: float) -> None:
        """One statement has ended."""
        self._queries.labels(name).observe(dur_s)

    def limited(self, bucket: str) -> None:
        """One attempt was refused by a limit."""
        self._rate_limited.labels(bucket).inc()

    def uncounted(self, bucket: str) -> None:
        """One attempt could not be counted: it passed, or was refused where nobody may pass uncounted."""
        self._uncounted.labels(bucket).inc()

    def text(self) -> bytes:
        """All figures in Prometheus' text format."""
        return prometheus.generate_latest(self.registry)
