"""Colours that are read on a light background as well as on a dark one.

The yellow, green and cyan of terminals are made for black: on white a warning could hardly be seen. Each of
these stands out from both by 4 to 1; a terminal with sixteen colours alone shows the nearest of its own.

Source: WCAG 2.2, 1.4.3, for how contrast is counted.
"""

GOOD = "#008542"
NOTED = "#946b00"
BAD = "#d7261e"
OPEN = "#c81fc8"
WAIVED = "#007f8f"


def ground(colour: str) -> str:
    """The style of a word on a ground of that colour: white, whatever the terminal's own ground is."""
    return f"bold white on {colour}"
