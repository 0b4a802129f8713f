import re
from urllib.parse import unquote

from hypothesis import given, settings

from hotelctl.core.finding import Severity
from hotelctl.core.report import JudgedFinding, Policy, Status
from hotelctl.render.document import Document
from hotelctl.render.github import render, summary
from tests.render import made
from tests.render.test_markdown import HOSTILE, shape

# As the runner reads a line: a command, properties that hold no colon, comma or line end, then the text.
COMMAND = re.compile(r"::(error|warning|notice) ((?:\w+=[^:,\r\n]*,)*\w+=[^:,\r\n]*)::([^\r\n]*)")


def commands(document: Document) -> list[tuple[str, dict[str, str], str]]:
    found = []
    for line in render(document).removesuffix("\n").split("\n"):
        hit = COMMAND.fullmatch(line)
        assert hit, line
        properties = dict(pair.split("=", 1) for pair in hit[2].split(","))
        assert not re.search("%(?!25|0A|0D|3A|2C)", line)
        found.append((hit[1], {key: unquote(value) for key, value in properties.items()}, unquote(hit[3])))
    return found


def many(count: int, severity: Severity) -> tuple[JudgedFinding, ...]:
    return tuple(made.finding(f"KEY{n}", "is 100% wrong\r\nreally", severity=severity) for n in range(count))


def test_errors_and_warnings_stand_at_their_place_with_their_evidence() -> None:
    verdict, error, *warnings = commands(made.document())
    assert verdict[0] == "notice"
    assert verdict[2].startswith("BLOCKED: 1 check with findings at or above high")
    kind, properties, text = error
    assert (kind, properties["file"], properties["line"]) == ("error", ".env.local", "3")
    assert properties["title"] == "ENV001 Every required key is present"
    assert "DATABASE_URL: is not set\n" in text
    assert "Evidence: ev-0002" in text
    assert [(one[0], one[1]["title"].split()[0]) for one in warnings] == [
        ("warning", "ENV005"),
        ("warning", "DB001"),
    ]


def test_ten_of_a_kind_worst_first_and_the_rest_named_in_one_notice() -> None:
    found = (*many(4, Severity.HIGH), *many(9, Severity.CRITICAL))
    outcomes = {
        "ENV001": made.Outcome(Status.FAILED, findings=found),
        "ENV005": made.Outcome(Status.WARNED, findings=many(12, Severity.LOW)),
    }
    told = commands(made.document(outcomes))
    kinds = [kind for kind, _, _ in told]
    assert [kinds.count(kind) for kind in ("error", "warning", "notice")] == [10, 10, 2]
    assert ["KEY8" in text for kind, _, text in told if kind == "error"].index(True) == 8
    rest = told[-1]
    assert rest[1]["title"] == "5 more, for which there is no room above"
    assert len(rest[2].splitlines()) == 5
    assert "KEY3" in rest[2]


def test_percent_and_line_ends_are_escaped() -> None:
    line = render(
        made.document({"ENV001": made.Outcome(Status.FAILED, findings=many(1, Severity.HIGH))})
    ).splitlines()[1]
    assert "is 100%25 wrong%0Areally%0A" in line


def test_what_had_to_be_judged_and_was_not_is_an_error() -> None:
    strict = Policy(required=frozenset({"DB001", "TST001"}))
    errors = [
        one[1]["title"].split()[0] for one in commands(made.document(policy=strict)) if one[0] == "error"
    ]
    assert errors == ["ENV001", "DB001", "TST001"]


def test_what_is_waived_is_in_the_summary_only() -> None:
    assert "BLD003" not in render(made.document())
    text = summary(made.document())
    waived = text.partition("### Waived")[2]
    for words in ("BLD003", "bela", "OPS-17", "2026-03-20"):
        assert words in waived


def test_the_summary_says_verdict_sections_findings_and_evidence() -> None:
    text = summary(made.document())
    assert text.startswith("## hotelctl validate: BLOCKED\n")
    assert "| ❌ fail | Environment | 3 |" in text
    assert "| ENV001 | critical | .env.local:3 | DATABASE_URL: is not set | ev-0002 |" in text
    assert "connection to 10.1.2.3:5432 refused" in text.partition("### Not judged")[2]


def test_a_long_summary_is_cut_with_a_count() -> None:
    found = made.Outcome(Status.FAILED, findings=many(130, Severity.HIGH))
    assert "and 30 more lines in report.json" in summary(made.document({"ENV001": found}))


@settings(max_examples=40)
@given(HOSTILE, HOSTILE)
def test_foreign_text_makes_no_command_and_no_table(subject: str, words: str) -> None:
    def document(subject: str, words: str) -> Document:
        found = made.finding(subject=f"s{subject}", message=f"w{words}", fix=words, path=f"d/{words}")
        unknown = made.Outcome(Status.UNKNOWN, "Asked", f"w{words}", evidence=())
        return made.document({"ENV001": made.Outcome(Status.FAILED, findings=(found,)), "DB001": unknown})

    assert len(commands(document(subject, words))) == 3
    assert shape(summary(document(subject, words))) == shape(summary(document("", "")))
