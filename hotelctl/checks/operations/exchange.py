"""A question to the running service as evidence."""

from hotelctl.core.finding import HttpExchange
from hotelctl.core.redact import by_shape
from hotelctl.facts.running_service import Asked

_EXCERPT = 300


def exchange(asked: Asked) -> HttpExchange:
    """The request, its status and the beginning of its answer."""
    reply = asked.reply
    text = by_shape((reply.body or reply.error)[:_EXCERPT])
    return HttpExchange("GET", asked.url, reply.status, text, round(reply.duration_s * 1000, 3))
