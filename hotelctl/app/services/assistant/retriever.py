"""Finds the hotel's entries for a question: by rarity of shared words, then with typing errors set right."""

from collections.abc import Sequence

from hotelctl.app.domain.assistant.ranking import SURE, Hit, better, ranked
from hotelctl.app.domain.assistant.typos import corrected
from hotelctl.app.store import retrieval
from hotelctl.app.store.direct import Asks

_SHOWN = 3


async def find_entries(
    asks: Asks, question: str, audience: Sequence[str], language: str, k: int = _SHOWN
) -> list[Hit]:
    """At most `k` entries of the transaction's hotel that answer the question, best first."""
    hits = ranked(question, language, await retrieval.search(asks, question, audience))
    if max((hit.score for hit in hits), default=0.0) < SURE:
        meant = corrected(question, await retrieval.vocabulary(asks, audience))
        again = ranked(meant, language, await retrieval.search(asks, meant, audience))
        hits = list(better(hits, again))
    return hits[:k]
