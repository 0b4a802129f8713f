"""twine's judgement of a wheel's metadata: how it is called, and what its words mean."""

import re
from dataclasses import dataclass

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Completed
from hotelctl.facts.program_answer import ended, last_words

PROGRAM = "twine"
_VERDICT = re.compile(r"^Checking .+: (PASSED|FAILED)(.*)$", re.MULTILINE)
_SAID = re.compile(r"^ERROR\s+(.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class RenderedMetadata:
    """`complaints` are twine's own words about the file called `name`, none for one that is good."""

    name: str
    argv: tuple[str, ...]
    complaints: tuple[str, ...]


def command(name: str) -> tuple[str, ...]:
    """The words of a run in the directory of the file.

    Its warnings are left out: they name a readme that is missing, which a service may do without.
    """
    return ("check", name)


def complaints(done: Completed) -> tuple[str, ...]:
    """What it has to say against the file.

    Raises:
        Unavailable: it was killed or crashed, or its words contradict the code that it ended with.

    """
    code = ended(PROGRAM, done, (0, 1))
    words = f"{done.stdout}\n{done.stderr}"
    verdicts = [hit[1] for hit in _VERDICT.finditer(words)]
    said = tuple(hit[1].strip() for hit in _SAID.finditer(words))
    if code == 0 and verdicts == ["PASSED"] and not said:
        return ()
    if code == 1 and said and "PASSED" not in verdicts:
        return said
    raise Unavailable(f"twine ended with {code} and gave no clear verdict{last_words(done)}")
