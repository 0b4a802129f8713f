"""Colours are held against both grounds, and nothing else gives a colour a name of its own."""

import re
from pathlib import Path

import pytest
from rich.color import Color, ColorSystem

from hotelctl.render import colours
from hotelctl.render.colours import BAD, GOOD, NOTED, OPEN, WAIVED

_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)
_OF_TERMINALS = re.compile(r"""["'](?:\w+ )*(?:red|green|yellow|blue|magenta|cyan|white|black)["' ]""")


def _light(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    weights = (0.2126, 0.7152, 0.0722)
    light = [
        sum(w * _light(part / 255) for w, part in zip(weights, colour, strict=True))
        for colour in (one, other)
    ]
    return (max(light) + 0.05) / (min(light) + 0.05)


@pytest.mark.parametrize("colour", [GOOD, NOTED, BAD, OPEN, WAIVED])
@pytest.mark.parametrize("system", [ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT], ids=["all", "256"])
@pytest.mark.parametrize("ground", [_WHITE, _BLACK], ids=["light", "dark"])
def test_each_is_read_on_light_and_dark(colour: str, system: ColorSystem, ground: tuple[int, ...]) -> None:
    shown = tuple(Color.parse(colour).downgrade(system).get_truecolor())
    least = 4.0 if system is ColorSystem.TRUECOLOR else 3.0
    assert _contrast(shown, ground) >= least


def test_the_yellow_of_terminals_would_not_be() -> None:
    assert _contrast((205, 205, 0), _WHITE) < 2


def test_nobody_else_names_a_colour() -> None:
    place = Path(colours.__file__).parent
    named = {
        path.name
        for path in (*place.glob("*.py"), *(place.parent / "cli").glob("*.py"))
        if path.name != "colours.py" and _OF_TERMINALS.search(path.read_text())
    }
    assert named == set()
