import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.house.tracked import files, name

# Written in parts, so that this file is held to the same rule as every other.
OPEN_ENDS = [
    rf"\b{first}{rest}\b" for first, rest in (("TO", "DO"), ("FIX", "ME"), ("XX", "X"), ("HA", "CK"))
]
HOSTS = [r"py" + r"pi\.org", r"python" + r"hosted", r"registry\." + r"npmjs", r"deb\.debian" + r"\.org"]
PLACES = [r"(?<![\w.])/wor" + r"k/", r"/tm" + r"p/w\b", r"/ro" + r"ot/", r"/ho" + r"me/[a-z]{2}"]
MAKERS = [
    "co-auth" + "ored-by",
    "gener" + r"ated (by|with) (an? )?(ai|llm|model|agent)",
    "anth" + "ropic",
    "clau" + "de",
]
ANYWHERE = re.compile("|".join([*HOSTS, *PLACES, *MAKERS]), re.IGNORECASE)
# A word that stands alone in quotation marks is a value, such as a placeholder that a check must know.
UNFINISHED = re.compile(rf"""(?<!["'])({"|".join(OPEN_ENDS)})""")
# In quotation marks, the second is the name of an account that brokers are delivered with.
TRADE = re.compile("hot" + r"el(?!ctl)|(?<!\")gue" + r"st(?!\")|conci" + "erge", re.IGNORECASE)

# Python 3.11.2 is what Debian 12 has; these came to 3.11 later, and no type checker tells.
AFTER_FLOOR = re.compile("Filter" + "Error|data_" + r"filter|extract(all)?\(.*fil" + "ter=")

TEXT = files()
GENERAL = [
    p for p in files(".py") if name(p).startswith("hotelctl/") and not name(p).startswith("hotelctl/app/")
]


def said(pattern: re.Pattern[str], text: str) -> list[str]:
    """The lines in which the pattern is found, with their numbers."""
    if not pattern.search(text):
        return []
    return [f"{n}: {line.strip()}" for n, line in enumerate(text.splitlines(), 1) if pattern.search(line)]


def in_files(pattern: re.Pattern[str], paths: Iterable[Path]) -> dict[str, list[str]]:
    """The lines of each file in which the pattern is found; files without are left out."""
    found = {name(path): said(pattern, path.read_text(errors="replace")) for path in paths}
    return {path: lines for path, lines in found.items() if lines}


@pytest.mark.parametrize("pattern", [ANYWHERE, UNFINISHED], ids=["a place", "an open end"])
def test_nothing_names_a_host_a_machine_or_an_open_end(pattern: re.Pattern[str]) -> None:
    assert in_files(pattern, TEXT) == {}


def test_nothing_is_newer_than_the_oldest_python() -> None:
    assert in_files(AFTER_FLOOR, files(".py")) == {}


def test_the_trade_of_the_bundled_service_stays_in_it() -> None:
    assert in_files(TRADE, GENERAL) == {}


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (UNFINISHED, "# TO" + "DO later"),
        (ANYWHERE, "index = https://py" + "pi.org/simple"),
        (ANYWHERE, "cd /wor" + "k/main"),
        (ANYWHERE, "Co-Auth" + "ored-By: x"),
        (AFTER_FLOOR, "archive.extractall(part, fil" + 'ter="data")'),
        (TRADE, "class Hot" + "elCheck:"),
    ],
)
def test_each_is_found(pattern: re.Pattern[str], text: str) -> None:
    assert said(pattern, f"fine\n{text}\n") == [f"2: {text}"]


def test_the_name_of_the_program_is_no_word_of_the_trade() -> None:
    assert said(TRADE, "import hotelctl; HOTELCTL_HOME") == []
