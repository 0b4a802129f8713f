"""A question to the running service as evidence."""

from hotelctl.core.finding import HttpExchange
from hotelctl.core.redact import by_shape
from hotelctl.facts.running_service import Asked

_EXCERPT = 300


def exchange(asked: Asked, shown: str | None = None) -> HttpExchange:
    """The request, its status and `shown` of its answer, by default how its body begins."""
    reply = asked.reply
    text = by_shape((reply.body or reply.error if shown is None else shown)[:_EXCERPT])
    return HttpExchange(asked.method, asked.url, reply.status, text, round(reply.duration_s * 1000, 3))
