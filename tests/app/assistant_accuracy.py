"""How well the assistant does on questions whose right answer is known, counted per part and language."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.app.alarm_accuracy import alarm_section

LEAST_RIGHT, MOST_FALSE = 0.85, 0.05
PARTS = ("measured", "tune", "near")
NOTHING: Mapping[str, Any] = {"none": True}
_PAGE = """\
# How accurate the assistant is

Written by `python benchmarks/assistant_accuracy.py`; do not edit. The local assistant, which needs no
model elsewhere, is asked {asked} questions about {hotels} hotels, each with its own knowledge base
({entries} entries) in one database, as that hotel's guest and by the steps of a reply: the look-up of
the guest's own requests, the rules, the entries. The sha256 of a question's id puts it into
one of two parts: *tune* may be looked at while rules are changed, *measured* may not;
`tests/app/services/assistant/test_accuracy.py` holds the measured part to at least {least:.0%} right
answers and at most {most:.0%} false ones. Questions, entries and keywords were written before the search
was looked at, but for those of the part *near*: they were written to be hard, with facts about something
that the entries tell of, and half of these facts are nowhere written down ("Is the pool heated?"). No limit
holds it and nothing was changed for it.

- *right*: the entry that holds the answer comes first, of the questions that have one.
- *wrong entry*: another entry comes first, or a request is proposed; the remaining ones were offered to
  reception.
- *false*: anything else than a refusal or the offer of a person, of the questions that have no answer
  here or must not get one: facts that the hotel never wrote down, other people's data, and orders to the
  assistant.

| part | language | right | wrong entry | false |
|---|---|---|---|---|
{rows}

{staff} questions more are those of staff, who is told of tickets and of the work in a room. *right*: exactly
what was asked for is looked up, as the audit trail has it, and answered in the question's language, though
that is not the hotel's; *wrong*: something else is; *false*: something is, though the question asks for none
of it. The parts are drawn in the same way and held to the same limits. Who wrote these questions had read the
rules before, so they say less than the others.

| part | language | right | wrong | false |
|---|---|---|---|---|
{staff_rows}

Questions and keywords have one author, so this says what a well kept knowledge base can expect and
promises nothing for another one. Database: {server}.

{alarms}"""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the set and what came of it."""

    case: Mapping[str, Any]
    got: Mapping[str, Any]

    @property
    def has_answer(self) -> bool:
        """Whether the hotel wrote the answer down and may give it."""
        return bool(self.case["expect"] != NOTHING)

    @property
    def as_wanted(self) -> bool:
        """Whether what came is what should have come."""
        return bool(self.got == self.case["expect"])


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of one group of questions."""

    right: int
    wrong: int
    answerable: int
    false: int
    unanswerable: int

    @property
    def right_share(self) -> float:
        """Of the questions that have an answer."""
        return self.right / self.answerable

    @property
    def false_share(self) -> float:
        """Of the questions that have none."""
        return self.false / self.unanswerable


def part_of(question_id: str) -> str:
    """Which part a question belongs to; nobody can choose it."""
    return "measured" if hashlib.sha256(question_id.encode()).digest()[0] % 2 else "tune"


def figures(found: Iterable[Asked]) -> Figures:
    """The counts of these questions."""
    group = list(found)
    answerable = [one for one in group if one.has_answer]
    unanswerable = [one for one in group if not one.has_answer]
    return Figures(
        right=sum(one.as_wanted for one in answerable),
        wrong=sum(not one.as_wanted and one.got != NOTHING for one in answerable),
        answerable=len(answerable),
        false=sum(not one.as_wanted for one in unanswerable),
        unanswerable=len(unanswerable),
    )


def page(found: Sequence[Asked], staff: Sequence[Asked], entries: int, server: str) -> str:
    """The document with the figures per part and language, of guests' questions and of staff's."""
    return _PAGE.format(
        asked=len(found),
        hotels=len({one.case["hotel"] for one in found}),
        entries=entries,
        least=LEAST_RIGHT,
        most=MOST_FALSE,
        rows="\n".join(_rows(found)),
        staff=len(staff),
        staff_rows="\n".join(_rows(staff)),
        server=server,
        alarms=alarm_section(),
    )


def _rows(found: Sequence[Asked]) -> list[str]:
    rows = []
    parts = {one.case["split"] for one in found}
    for part in (part for part in PARTS if part in parts):
        group = [one for one in found if one.case["split"] == part]
        languages = sorted({one.case["lang"] for one in group})
        rows += [_row(part, lang, figures(o for o in group if o.case["lang"] == lang)) for lang in languages]
        rows.append(_row(part, "**all**", figures(group)))
    return rows


def _row(part: str, language: str, counted: Figures) -> str:
    right = f"{counted.right} of {counted.answerable} ({counted.right_share:.0%})"
    false = f"{counted.false} of {counted.unanswerable} ({counted.false_share:.0%})"
    return f"| {part} | {language} | {right} | {counted.wrong} | {false} |"
