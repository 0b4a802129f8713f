"""How many emergencies the guard knows and how often it is wrong, on sentences whose answer is known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hotelctl.app.domain.assistant.guard import Flag, classify
from tests.app.hotel_knowledge import lines

LEAST_KNOWN, MOST_FALSE_ALARMS = 0.95, 0.05
ALARM_PARTS = ("measured", "tune", "later")
SENTENCES = lines("assistant_eval/emergencies.jsonl")
_SECTION = """\
## Emergencies

Whether a message is an emergency is decided by rules, before anything else. {emergencies} sentences that
tell of one and {calm} that only sound like it or have nothing to do with it are put to them; the sha256
of an id puts a sentence into *tune* or *measured*. *tune* also holds the sentences with `seen` in their
id, written to be hard and looked at afterwards. One sentence of *measured* was seen when its rule was
mended. *later* was written after the rules and nothing was changed for it.
`tests/app/domain/assistant/test_emergencies.py` holds the measured part to at least {least:.0%} known and
at most {most:.0%} false alarms.

| part | language | known | false alarms |
|---|---|---|---|
{rows}
"""


@dataclass(frozen=True, slots=True)
class AlarmFigures:
    """Counts of one group of sentences."""

    known: int
    emergencies: int
    false: int
    calm: int

    @property
    def known_share(self) -> float:
        """Of the emergencies."""
        return self.known / self.emergencies

    @property
    def false_share(self) -> float:
        """Of the sentences that are none."""
        return self.false / self.calm


def raises_alarm(sentence: Mapping[str, Any]) -> bool:
    """Whether the guard takes it for an emergency."""
    return Flag.EMERGENCY in classify(sentence["text"])


def alarm_figures(sentences: Iterable[Mapping[str, Any]]) -> AlarmFigures:
    """The counts of these sentences."""
    group = list(sentences)
    emergencies = [one for one in group if one["emergency"]]
    calm = [one for one in group if not one["emergency"]]
    return AlarmFigures(
        known=sum(map(raises_alarm, emergencies)),
        emergencies=len(emergencies),
        false=sum(map(raises_alarm, calm)),
        calm=len(calm),
    )


def alarm_section() -> str:
    """The part of the accuracy page that tells of emergencies."""
    rows = []
    for part in ALARM_PARTS:
        group = [one for one in SENTENCES if one["split"] == part]
        languages = sorted({one["lang"] for one in group})
        rows += [_row(part, lang, alarm_figures(o for o in group if o["lang"] == lang)) for lang in languages]
        rows.append(_row(part, "**all**", alarm_figures(group)))
    everything = alarm_figures(SENTENCES)
    return _SECTION.format(
        emergencies=everything.emergencies,
        calm=everything.calm,
        least=LEAST_KNOWN,
        most=MOST_FALSE_ALARMS,
        rows="\n".join(rows),
    )


def _row(part: str, language: str, counted: AlarmFigures) -> str:
    known = f"{counted.known} of {counted.emergencies} ({counted.known_share:.0%})"
    false = f"{counted.false} of {counted.calm} ({counted.false_share:.0%})"
    return f"| {part} | {language} | {known} | {false} |"
