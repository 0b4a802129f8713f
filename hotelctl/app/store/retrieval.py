"""Which of a hotel's entries answer a question: the share of the question's information each one covers."""

from collections.abc import Sequence

from sqlalchemy import text

from hotelctl.app.domain.assistant.ranking import Hit
from hotelctl.app.domain.assistant.stopwords import STOP_WORDS
from hotelctl.app.store.direct import Asks, Fixed

THRESHOLD = 0.4


def _fixed(words: str) -> Fixed:
    return Fixed.of(text(words))


# A word counts by its rarity among the entries (idf); one that no entry knows counts most, against all.
# The question is read in the language of each entry, so that both are cut to the same stems. What is
# covered decides whether there is an answer; the order goes by squares, as one rare word says more than
# two common ones. Fewer than 20 entries count as 20: of so few, none would be rare.
_SEARCH = _fixed(
    """
    WITH seen AS (
      SELECT id, title, body, lang, tsv FROM knowledge_entries
       WHERE deleted_at IS NULL AND audience = ANY (:audience)
         AND (valid_from IS NULL OR valid_from <= now()) AND (valid_until IS NULL OR valid_until > now())),
    g AS MATERIALIZED (
      SELECT lang, tsvector_to_array(to_tsvector(lang, :stop)) AS stops
        FROM (SELECT DISTINCT lang FROM seen) AS one),
    l AS (
      SELECT g.lang, u.lexeme
        FROM g CROSS JOIN LATERAL unnest(to_tsvector(g.lang, :question)) AS u
       WHERE u.lexeme <> ALL (g.stops)),
    m AS MATERIALIZED (
      SELECT k.id, k.lang, u.lexeme, CASE WHEN 'A' = ANY (u.weights) THEN 1.0 ELSE 0.6 END AS place
        FROM seen AS k CROSS JOIN LATERAL unnest(k.tsv) AS u
        JOIN l ON l.lang = k.lang AND l.lexeme = u.lexeme),
    n AS (SELECT greatest(count(*), 20)::float8 AS n FROM seen),
    w AS (
      SELECT l.lang, l.lexeme, ln(1 + n.n / (1 + (
               SELECT count(*) FROM m WHERE m.lang = l.lang AND m.lexeme = l.lexeme))) AS idf
        FROM l, n),
    s AS (SELECT lang, sum(idf) AS total, sum(idf * idf) AS squares FROM w GROUP BY lang),
    f AS (
      SELECT m.id, sum(w.idf * m.place) / s.total AS coverage,
             sum(w.idf * w.idf * m.place) / s.squares AS score
        FROM m JOIN w ON w.lang = m.lang AND w.lexeme = m.lexeme JOIN s ON s.lang = m.lang
       GROUP BY m.id, s.total, s.squares)
    SELECT k.id, k.title, k.body, k.lang::text, f.coverage, f.score FROM f JOIN seen AS k USING (id)
     WHERE f.coverage >= :threshold ORDER BY f.score DESC, k.id LIMIT :k
    """
)
_VOCABULARY = _fixed(
    """
    SELECT title || ' ' || keywords AS words FROM knowledge_entries
     WHERE deleted_at IS NULL AND audience = ANY (:audience)
       AND (valid_from IS NULL OR valid_from <= now()) AND (valid_until IS NULL OR valid_until > now())
     ORDER BY id LIMIT 2500
    """
)


async def search(
    asks: Asks, question: str, audience: Sequence[str], *, threshold: float = THRESHOLD, k: int = 8
) -> list[Hit]:
    """The entries of the transaction's hotel that cover at least `threshold` of the question, best first."""
    values = {
        "question": question,
        "audience": list(audience),
        "stop": STOP_WORDS,
        "threshold": threshold,
        "k": k,
    }
    (rows,) = await asks.ask((_SEARCH, values))
    return [Hit(*row) for row in rows]


async def vocabulary(asks: Asks, audience: Sequence[str]) -> list[str]:
    """Title and keywords of the entries that the audience may see."""
    (rows,) = await asks.ask((_VOCABULARY, {"audience": list(audience)}))
    return [row.words for row in rows]
