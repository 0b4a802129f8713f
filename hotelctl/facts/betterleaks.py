"""betterleaks: how it is called, and what it must have read for its answer to count."""

from collections.abc import Mapping

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Completed
from hotelctl.facts import leak_rules
from hotelctl.facts.leaks import Item, at, meant, unpromised
from hotelctl.facts.program_answer import ended, json_of

PROGRAM = "betterleaks"
_HOW = (
    "--config",
    leak_rules.FILE,
    "--silent",
    "--no-color",
    "--log-level",
    "error",
    "--no-allow-signatures",
    "--match-context=-60C",
)
"""Words of every run: own rules beside those it brings, and no file may allow itself what it holds.

What stands in front of a match is asked for, as it may say what a value is.
"""


def command(archive: str) -> tuple[str, ...]:
    """The words of a run that heeds no comments by which a file allows itself what it holds.

    Its own redaction is not asked for: of a value of one letter it leaves no such letter in rule or path.
    """
    return ("fs", *_HOW, "--output", "-", archive)


def answered(done: Completed, expected: Mapping[str, str]) -> list[Item]:
    """The items of its answer, without the values that were planted, each at its path.

    Its words hold secrets, so that no reason repeats them.

    Raises:
        Unavailable: it was killed, crashed or complained, read a part only, did not find what was planted,
            or its answer contradicts itself or the code that it ended with.

    """
    code = ended(PROGRAM, done, (0, 1), quoted=False)
    if done.stderr.strip():
        raise Unavailable(f"{PROGRAM} complained")
    answer = json_of(PROGRAM, done.stdout)
    try:
        scan = answer["scan"]
        state, number, read = str(scan["state"]), int(scan["num_findings"]), int(scan["bytes_scanned"])
        found = [_of_a_file(item) for item in answer["findings"]]
        any(at(item) for item in found)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise unpromised(PROGRAM) from error
    if state != "complete" or not read:
        raise Unavailable(f"{PROGRAM} says that its search is {state}, of {read} bytes")
    if number != len(found) or code != bool(found):
        raise Unavailable(f"{PROGRAM} ended with {code}, counts {number} findings and names {len(found)}")
    return meant(PROGRAM, found, expected)


def _of_a_file(item: Item) -> Item:
    """What a rule finds by the name of a file alone has no line and no value: all of the file is meant."""
    place, match = item["location"], item["match"]
    if "start_line" in place or match["value"]:
        return item
    return {**item, "location": {**place, "start_line": 1}, "match": {**match, "value": match["full"]}}
