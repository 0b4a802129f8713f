"""Words of fire, illness and violence: what they say is answered at once and by people.

A missed fire is worse than a false alarm: whatever names a danger counts, and only what is known to be
harmless is passed over.
"""

import re
from collections.abc import Iterable

from hotelctl.app.domain.assistant.alarms import ALARMS
from hotelctl.app.domain.assistant.harmless import HARMLESS

_GAP = re.compile(r"<(\d)>")
# Up to so many words, and an elided article before the next one; a full stop ends the thought.
_WORDS_BETWEEN = r"(?:[\\w'-]+,? ){0,\1}(?:\\w{1,3}')?"
_PASSED_OVER = " ; "


def _whole_words(patterns: Iterable[str], who: str = "") -> re.Pattern[str]:
    either = "|".join(_GAP.sub(_WORDS_BETWEEN, one.replace("<who>", f"(?:{who})")) for one in patterns)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)")


_SIGNS = tuple(_whole_words(alarms.signs, alarms.who) for alarms in ALARMS)
_HARMLESS = _whole_words(HARMLESS)


def tells_of_emergency(folded: str) -> bool:
    """Whether the folded text tells that somebody is in danger, in any of the languages."""
    told = _HARMLESS.sub(_PASSED_OVER, folded)
    return any(signs.search(told) for signs in _SIGNS)
