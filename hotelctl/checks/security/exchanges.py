"""Exchanges with an instance as evidence, with the part of the answer that the finding is about."""

from collections.abc import Iterable

from hotelctl.checks.operations.exchange import exchange
from hotelctl.core.finding import HttpExchange
from hotelctl.facts.running_service import Asked


def headers_of(asked: Asked, names: Iterable[str]) -> HttpExchange:
    """The exchange, showing these headers; one that is absent is shown as such."""
    said = asked.reply.headers
    return exchange(asked, "\n".join(f"{name}: {said.get(name, '(none)')}" for name in names))


def with_words(asked: Asked) -> HttpExchange:
    """The exchange, showing first what was sent."""
    return exchange(asked, f"{asked.request}\n{asked.reply.body}")
