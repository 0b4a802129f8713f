import re
from dataclasses import replace
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from hotelctl.core.finding import Location, Severity
from hotelctl.core.report import Policy, Status, Verdict
from hotelctl.render.console import Detail, render
from hotelctl.render.document import Document
from hotelctl.render.terminal import WORDS
from tests.render import made

ANSI = re.compile(r"\x1b\[[0-9;]*m")
LONG = "an-unbroken-word-that-is-longer-than-any-terminal-is-wide-" * 4


def shown(document: Document, detail: Detail = Detail.NORMAL, width: int = 80, *, color: bool = False) -> str:
    out = StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=color,
        color_system="truecolor" if color else None,
        markup=False,
        emoji=False,
        highlight=False,
    )
    render(document, console, detail)
    return out.getvalue()


def test_every_check_has_one_line_with_its_status_word_and_a_symbol_of_its_own() -> None:
    lines = shown(made.document(), Detail.VERBOSE).splitlines()
    symbols = set()
    for rule, outcome in made.EVERY_STATUS.items():
        (line,) = [one for one in lines if rule in one and outcome.title in one]
        symbol, word, *_ = line.split()
        assert word == WORDS[outcome.status]
        symbols.add(symbol)
    assert len(symbols) == len(Status)


def test_a_finding_says_where_what_fix_and_why() -> None:
    text = shown(made.document())
    below = text[text.index("ENV001") :]
    labels = [
        "where     DATABASE_URL in .env.local:3, critical",
        "what      is not set",
        "fix       echo",
        "why  ",
    ]
    places = [below.index(label) for label in labels]
    assert places == sorted(places)


def test_reasons_of_undecided_checks_stand_below_them() -> None:
    text = " ".join(shown(made.document(), Detail.VERBOSE).split())
    for outcome in made.EVERY_STATUS.values():
        assert outcome.reason is None or outcome.reason in text


def test_sections_without_checks_are_named_as_not_run() -> None:
    heading = " ".join(shown(made.document()).split("\n\n", maxsplit=1)[0].split())
    assert "not run: Security, Secrets hygiene, External services, Docker, Performance targets" in heading


@pytest.mark.parametrize("width", [80, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    wide = made.finding(subject=LONG, message=LONG, fix="", path=LONG)
    outcomes = {
        "ENV001": made.Outcome(Status.FAILED, LONG, findings=(wide,)),
        "DB001": made.Outcome(Status.UNKNOWN, LONG, LONG, evidence=()),
    }
    text = shown(made.document(outcomes, steps=made.steps(), next_steps=(LONG,)), width=width)
    assert max(map(len, text.splitlines())) <= width
    assert len(text.splitlines()) > 20


def test_a_fix_is_never_broken_so_that_it_can_be_pasted() -> None:
    command = f"first {LONG} \\\n  second"
    text = shown(
        made.document({"ENV001": made.Outcome(Status.FAILED, findings=(made.finding(fix=command),))})
    )
    assert f"fix       first {LONG} \\\n" in text
    assert re.search(r"(?m)^ {16}second$", text)


def test_colour_only_repeats_what_words_and_symbols_say() -> None:
    document = made.document(steps=made.steps(6))
    assert ANSI.sub("", shown(document, color=True)) == shown(document)
    assert ANSI.search(shown(document, color=True))


def test_quiet_shows_only_what_needs_attention() -> None:
    text = shown(made.document(), Detail.QUIET)
    assert "ENV001" in text
    assert "BLOCKED" in text
    assert "ENV012" not in text
    assert "OPS008" not in text
    assert not text.startswith("\n")


def test_verbose_shows_the_evidence_of_every_check() -> None:
    assert "evidence  ev-0001" in shown(made.document(), Detail.VERBOSE)
    assert "ev-0001" not in shown(made.document())


def test_what_passed_or_does_not_apply_is_a_count_for_each_part() -> None:
    text = shown(made.document())
    assert re.search(r"(?m)^\S fail    Environment +1 pass, 1 warn, 1 fail$", text)
    assert re.search(r"(?m)^\S n/a     Operations +1 n/a$", text)
    for settled in ("ENV012", "OPS008", "nothing is deployed yet"):
        assert settled not in text
        assert settled in shown(made.document(), Detail.VERBOSE)


def test_what_needs_attention_is_told_with_its_remedy() -> None:
    bare = made.Outcome(Status.FAILED, findings=(made.finding(fix=""),))
    kept = made.covered(made.finding(fix="mend it"), made.waiver())
    waived = made.Outcome(Status.WAIVED, "Kept for now", "until spring", findings=(kept,))
    document = made.document({**made.EVERY_STATUS, "ENV002": bare, "BLD003": waived})
    for detail in Detail:
        text = shown(document, detail)
        for words in ("ENV001", "ENV005", "BLD003  Kept for now", "fix       mend it"):
            assert words in text
        assert "reason    connection to 10.1.2.3:5432 refused" in text
        assert "reach that host from here, by HTTPS_PROXY" in text
        assert text.count("remedy    Set the key in the environment's file.") == 1


def test_checks_that_could_not_judge_for_one_reason_are_one_line_with_one_remedy() -> None:
    doubt = made.Outcome(Status.UNKNOWN, reason="there is no env contract", evidence=())
    other = made.Outcome(Status.UNKNOWN, "Alone", "no pytest", evidence=())
    text = shown(made.document({"TST001": doubt, "TST002": doubt, "TST003": other}))
    assert re.search(r"(?m)^\? unknown TST001, TST002: there is no env contract$", text)
    assert re.search(r"(?m)^\? unknown TST003 +Alone +0\.25 s$", text)
    assert "hotelctl validate --only TST001,TST002 --verbose" in text
    assert "hotelctl validate --only TST003 --verbose" in text


def test_checks_skipped_for_one_reason_are_one_line() -> None:
    skipped = made.Outcome(Status.SKIPPED, reason="asked for: --skip tests", evidence=())
    other = made.Outcome(Status.SKIPPED, reason="no pytest", evidence=())
    text = shown(made.document({"TST001": skipped, "TST002": skipped, "TST003": other}))
    assert "- skipped TST001, TST002: asked for: --skip tests\n" in text
    assert "- skipped TST003: no pytest\n" in text


@pytest.mark.parametrize("detail", Detail)
@pytest.mark.parametrize("width", [80, 120])
def test_no_line_ends_in_a_blank(width: int, detail: Detail) -> None:
    outcomes = {**made.EVERY_STATUS, "ENV002": made.Outcome(Status.FAILED, LONG, findings=(made.finding(),))}
    document = made.document(outcomes, steps=made.steps(6), next_steps=("words " * 40,), facts={"a": "b"})
    for color in (False, True):
        lines = ANSI.sub("", shown(document, detail, width, color=color)).splitlines()
        assert [line for line in lines if line != line.rstrip()] == []


def test_a_report_of_an_operation_says_how_it_ended() -> None:
    ended = {"ending": "aborted after step 8 (stage) had begun, nothing serves, as before", "by": "ana"}
    text = shown(made.document(steps=made.steps(), verdict=Verdict.STOPPED, facts=ended))
    assert " STOPPED   aborted after step 8 (stage) had begun, nothing serves, as before, in\n" in text
    assert text.count("aborted") == 1


def test_a_version_that_nobody_knows_is_not_told() -> None:
    unknown = {"name": "hotel-assistant", "version": "unknown"}
    assert shown(made.document(service=unknown)).startswith("hotelctl validate  hotel-assistant\n")


def test_a_deploy_shows_each_step_with_its_state_and_what_it_did() -> None:
    text = shown(made.document(steps=made.steps(failed_at=6), verdict=Verdict.STOPPED))
    for n, name in enumerate(made.STEP_NAMES, start=1):
        state = "done" if n < 6 else "failed" if n == 6 else "planned"
        assert re.search(rf"\S {state} +{n} +{name} +what {name} did", text)
    assert re.search(r"STOPPED +5 of 10 steps done", text)


def test_the_verdict_says_what_it_stands_on() -> None:
    unsure = {"DB001": made.EVERY_STATUS["DB001"]}
    assert "no verdict from required DB001" in shown(
        made.document(unsure, Policy(required=frozenset({"DB001"})))
    )
    assert "1 check with findings at or above low" in shown(
        made.document({"ENV001": made.EVERY_STATUS["ENV001"]}, Policy(Severity.LOW))
    )
    assert re.search(
        r"READY +nothing at or above high", shown(made.document({"ENV012": made.EVERY_STATUS["ENV012"]}))
    )


@settings(max_examples=40)
@given(st.text(max_size=60), st.text(max_size=60))
def test_foreign_text_cannot_steer_the_terminal(subject: str, words: str) -> None:
    hostile = f"[red]{words}[/red]\x1b[2J\x9b31m\u202e"
    found = made.finding(subject=subject, message=hostile, fix=hostile, path=words)
    outcomes = {
        "ENV001": made.Outcome(Status.FAILED, findings=(found,)),
        "DB001": made.Outcome(Status.UNKNOWN, "The database answers", hostile, evidence=()),
    }
    text = shown(made.document(outcomes, next_steps=(hostile,), facts={"a": hostile}))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert "[red]" in text
    assert text.count("ENV001  Every required key") == 1
    assert re.search(r"(?m)^ BLOCKED ", text)


def test_a_file_that_is_itself_the_subject_is_named_once() -> None:
    loose = replace(made.finding().finding, subject="loose.txt", location=Location("loose.txt"))
    outcome = made.Outcome(Status.FAILED, findings=(replace(made.finding(), finding=loose),))
    assert "where     loose.txt, critical\n" in shown(made.document({"ENV001": outcome}))


def test_a_line_feed_in_a_file_s_name_is_spelled_out() -> None:
    found = made.finding(subject="x", path="we\nird.py")
    assert r"we\nird.py" in shown(made.document({"ENV001": made.Outcome(Status.FAILED, findings=(found,))}))


def test_what_stands_on_kept_answers_is_counted_and_told_since_when() -> None:
    kept = made.document(made.WITH_KEPT)
    assert "2 cached: nothing changed that they follow from; --no-cache asks again" in shown(kept, width=100)
    words = " ".join(shown(kept, Detail.VERBOSE, width=100).split())
    assert words.count(f"cached stands on an answer of {made.KEPT_SINCE}") == 2
    assert "cached" not in shown(made.document(), Detail.VERBOSE)
    deploy = shown(kept.model_copy(update={"kind": "deploy"}), width=100)
    assert "2 cached: nothing changed that they follow from\n" in deploy, "it has no such option"


def test_findings_that_were_left_out_are_told() -> None:
    narrowed = made.document(made.NARROWED)
    assert "1 check with findings left out: --verbose names them" in shown(narrowed)
    words = " ".join(shown(narrowed, Detail.VERBOSE).split())
    assert f"left out {made.LEFT_OUT}" in words
    assert "left out" not in shown(made.document(), Detail.VERBOSE)


def test_of_many_findings_the_worst_are_told_and_the_rest_is_counted() -> None:
    mild = [made.finding(f"KEY_{n}", "is absent", "", severity=Severity.MEDIUM) for n in range(19)]
    worst = made.finding("LAST", "is absent", "", severity=Severity.CRITICAL)
    outcome = made.Outcome(Status.FAILED, findings=(*mild, worst))
    text = shown(made.document({"ENV001": outcome}))
    assert text.count("where  ") == 10
    assert "KEY_8 in" in text
    assert "KEY_9 in" not in text
    assert "LAST in" in text
    assert "more      10 more, medium at worst; --verbose names them" in text
    assert shown(made.document({"ENV001": outcome}), Detail.VERBOSE).count("where  ") == 20
    few = made.Outcome(Status.FAILED, findings=(*mild[:11], worst))
    assert shown(made.document({"ENV001": few})).count("where  ") == 12


def test_no_waived_finding_is_told_in_the_place_of_one_that_counts() -> None:
    found = [made.finding(f"KEY_{n}", "is absent", "") for n in range(14)]
    waived = [made.covered(one, made.waiver("ENV001")) for one in found]
    counts = made.finding("LAST", "is absent", "", severity=Severity.HIGH)
    outcome = made.Outcome(Status.FAILED, findings=(counts, *waived))
    text = shown(made.document({"ENV001": outcome}))
    assert "LAST in" in text
    assert "more      5 more, all waived; --verbose names them" in text


def test_a_part_that_the_service_file_lacks_is_the_remedy() -> None:
    reason = "hotelctl.toml: has no [build], so nothing was built"
    text = shown(made.document({"BLD001": made.Outcome(Status.UNKNOWN, reason=reason)}), width=120)
    assert "remedy    set [build] in hotelctl.toml; where there is no such thing, --skip leaves it" in text


def test_a_reason_that_says_what_leaves_the_file_needs_no_other_remedy() -> None:
    for reason in (
        "coverage.xml is not there: make coverage leaves it",
        "coverage.xml was written a day ago: make coverage leaves another one",
    ):
        text = shown(made.document({"TST005": made.Outcome(Status.UNKNOWN, reason=reason)}), width=120)
        assert reason in text
        assert "remedy" not in text


@pytest.mark.parametrize(
    ("subject", "where"),
    [
        ("USER of Dockerfile", "where     USER of Dockerfile:3, high"),
        (".env in Dockerfile", "where     .env in Dockerfile:3, high"),
        ("PORT", "where     PORT in Dockerfile:3, high"),
    ],
)
def test_a_path_that_the_subject_names_is_not_named_again(subject: str, where: str) -> None:
    finding = made.finding(subject, path="Dockerfile", severity=Severity.HIGH)
    outcome = made.Outcome(Status.FAILED, findings=(finding,))
    assert where in shown(made.document({"DKR004": outcome}))


def test_a_reason_that_names_the_command_needs_no_other_remedy() -> None:
    reason = "there is no hotelctl.toml with [build], so nothing was built; hotelctl init writes one"
    outcomes = {rule: made.Outcome(Status.UNKNOWN, reason=reason) for rule in ("BLD001", "BLD003", "SEC010")}
    text = shown(made.document(outcomes), width=120)
    assert "hotelctl init writes one" in text
    assert "remedy" not in text
