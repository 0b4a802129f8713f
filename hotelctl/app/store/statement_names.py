"""Short names of statements, for figures: verb and first table, of which the code has only so many."""

import re
from functools import lru_cache

_VERB = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
_TABLE = re.compile(r'\b(?:FROM|INTO|UPDATE)\s+(?:public\.)?"?([a-z_]+)', re.IGNORECASE)
_FUNCTION = re.compile(r"\bSELECT\s+([a-z_]+)\(", re.IGNORECASE)


@lru_cache(maxsize=2048)
def name_of(statement: str) -> str:
    """`select users` for a statement that reads users; `other` for what is none of the four verbs."""
    verb = _VERB.search(statement)
    if verb is None:
        return "other"
    place = _TABLE.search(statement, verb.start()) or _FUNCTION.search(statement)
    return f"{verb[1].lower()} {place[1].lower()}" if place else verb[1].lower()
