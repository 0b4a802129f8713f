"""Words of fire, illness and violence: what they say is answered at once and by people.

A missed fire is worse than a false alarm: whatever names a danger counts, and only what is known to be
harmless is passed over.
"""

from hotelctl.app.domain.assistant.alarms import ALARMS
from hotelctl.app.domain.assistant.harmless import HARMLESS
from hotelctl.app.domain.assistant.lexicon import whole_words

_PASSED_OVER = " ; "


_SIGNS = tuple(whole_words(alarms.signs, alarms.who) for alarms in ALARMS)
_HARMLESS = whole_words(HARMLESS)


def tells_of_emergency(folded: str) -> bool:
    """Whether the folded text tells that somebody is in danger, in any of the languages."""
    told = _HARMLESS.sub(_PASSED_OVER, folded)
    return any(signs.search(told) for signs in _SIGNS)
