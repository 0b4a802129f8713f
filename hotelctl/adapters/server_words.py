"""What a server says, as far as a person reads it."""

_LONGEST = 1_000


def in_short(said: str) -> str:
    """The words, of very many the first: a server repeats a word that it stumbles over, however long.

    Cut between words: half a secret would not be known for one.
    """
    if len(said) <= _LONGEST:
        return said
    return f"{said[:_LONGEST].rpartition(' ')[0]} ... ({len(said)} characters)"
