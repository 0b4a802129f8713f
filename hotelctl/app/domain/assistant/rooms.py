"""The room that a text names: staff orders for it. A guest's is that of the session, whatever is said."""

import re

_LONGEST = 40
_ROOM = re.compile(
    r"\b(?:room|suite|apartment|zimmer|chambre|habitaci[oó]n|camera|stanza)"
    r"(?: (?:number|no\.?|nr\.?|nummer|num[eé]ro|n[uú]mero))? #?"
    r"(?P<label>[\w./-]*\d[\w./-]*)",
    re.IGNORECASE,
)


def named_room(text: str) -> str | None:
    """The label of the only room that the text names by a number, in capitals; None of several or none."""
    labels = {found["label"].rstrip("./-").upper() for found in _ROOM.finditer(text)}
    label = labels.pop() if len(labels) == 1 else ""
    return label if 0 < len(label) <= _LONGEST else None
