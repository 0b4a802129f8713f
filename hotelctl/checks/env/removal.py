"""How a setting is taken away: the line of its file, or the variable of the process."""

import shlex

from hotelctl.facts.release_environment import Setting


def of_setting(setting: Setting) -> str:
    """A command to paste; it deletes the line that counts, earlier ones of the same key then come next."""
    place = setting.location
    if place is None or place.line is None:
        return f"unset {setting.key}"
    return f"sed -i '{place.line}d' {shlex.quote(place.path)}"
