"""How a setting is taken away: the lines of its file, or the variable of the process."""

import shlex

from hotelctl.facts.release_environment import Setting


def of_setting(setting: Setting) -> str:
    """A command to paste; it deletes the lines that count, earlier ones of the same key then come next."""
    place = setting.location
    if place is None or place.line is None:
        return f"unset {shlex.quote(setting.key)}"
    end = f",{place.line + setting.lines - 1}" if setting.lines > 1 else ""
    return f"sed -i '{place.line}{end}d' {shlex.quote(place.path)}"
