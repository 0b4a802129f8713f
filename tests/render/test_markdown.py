import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from hotelctl.core.report import Status, Verdict
from hotelctl.render.markdown import block, escaped, render
from hotelctl.render.trailer import intact
from hotelctl.render.words import one_line
from tests.render import made

CLIENT_ORDER = [
    "Environment",
    "Database schema",
    "Test suite",
    "Build and artifacts",
    "Security",
    "External services",
    "Docker",
    "Deployment",
    "Post-deployment",
    "Recommended sequence and next steps",
    "Known issues and waivers",
    "Performance targets",
    "Next steps",
    "Sign-off",
]
NOT_RUN = {5: "Security", 6: "External services", 7: "Docker", 8: "Deployment", 12: "Performance targets"}
HOSTILE = st.text(
    st.sampled_from("ab1 |`*_[]()<>#-+=!\\~&\n\r\t\x1b\u202e:.$\"'") | st.characters(), max_size=50
)


def parsed(text: str) -> list[Token]:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)


def shape(text: str) -> list[str]:
    """The structure: block tokens and inline marks, without the words."""
    found = []
    for token in parsed(text):
        found.append(token.type)
        found += [child.type for child in token.children or () if child.type not in ("text", "text_special")]
    return found


def section(text: str, number: int) -> str:
    return re.split(r"(?m)^## ", text)[number + 1].partition("\n")[2]


def test_fourteen_sections_and_the_appendix_stand_in_the_clients_order() -> None:
    headings = re.findall(r"(?m)^## (.*)$", render(made.document()))
    numbered = [f"{n}. {title}" for n, title in enumerate(CLIENT_ORDER, start=1)]
    assert headings == ["Executive summary", *numbered, "Appendix: commands to repeat each result"]


def test_sections_that_were_not_run_say_so_and_are_not_green() -> None:
    text = render(made.document())
    for number in NOT_RUN:
        assert "Not run" in section(text, number)
        assert "✅" not in section(text, number)


def test_every_check_line_holds_its_status_and_evidence() -> None:
    text = render(made.document())
    for rule, outcome in made.EVERY_STATUS.items():
        word = outcome.status.value.replace("not_applicable", "n/a")
        evidence = ", ".join(outcome.evidence) or "none"
        (row,) = re.findall(rf"(?m)^\| \S+ {word} \| {rule} \| .* \| {evidence} \|$", text)
        assert outcome.title in row


def test_green_comes_only_from_passed_checks_and_done_steps() -> None:
    outcomes = {rule: o for rule, o in made.EVERY_STATUS.items() if o.status is not Status.PASSED}
    assert "✅" not in render(made.document(outcomes))
    assert "✅" in render(made.document())


def test_a_deploy_has_a_row_for_each_step() -> None:
    text = render(made.document(steps=made.steps(failed_at=6), verdict=Verdict.STOPPED))
    rows = re.findall(r"(?m)^\| \S+ (done|failed|planned) \| (\d+) \| (\w+) \|", section(text, 8))
    assert [(int(n), name) for _, n, name in rows] == list(enumerate(made.STEP_NAMES, start=1))
    assert [state for state, _, _ in rows] == ["done"] * 5 + ["failed"] + ["planned"] * 4
    assert "| Steps done | 5 of 10 |" in text


def test_checks_of_the_running_service_stand_in_post_deployment() -> None:
    running = made.Outcome(Status.PASSED, "The service is ready", words={"stage": "running"})
    text = render(made.document({"OPS006": running, "OPS001": made.Outcome(Status.PASSED, "Tree clean")}))
    assert "OPS006" in section(text, 9)
    assert "OPS006" not in section(text, 8)
    assert "OPS001" in section(text, 8)


def test_open_issues_are_listed_worst_first_with_their_fix() -> None:
    issues = section(render(made.document()), 11)
    assert re.findall(r"(?m)^### (\w+)", issues) == ["ENV001", "DB001", "ENV005"]
    assert "```text\necho 'DATABASE_URL=postgresql://...' >> .env.local\n```" in issues


def test_the_signature_is_for_the_reports_digest() -> None:
    document = made.document()
    assert document.digest in section(render(document), 14)


@settings(max_examples=40)
@given(HOSTILE, HOSTILE)
def test_foreign_text_does_not_change_the_structure(subject: str, words: str) -> None:
    def text(subject: str, words: str) -> str:
        found = made.finding(subject=subject, message=f"w{words}", fix="", path=f"w{words}")
        outcomes = {
            "ENV001": made.Outcome(Status.FAILED, findings=(found,)),
            "DB001": made.Outcome(Status.UNKNOWN, "The database answers", f"w{words}", evidence=()),
        }
        steps = (made.steps()[0].__class__(1, "lock", "done", None, 1.0, f"w{words}"),)
        return render(
            made.document(
                outcomes,
                steps=steps,
                next_steps=(words if one_line(words) else "w",),
                facts={"k": f"w{words}"},
            )
        )

    assert shape(text(f"s{subject}", words or "w")) == shape(text("s", "w"))


@given(HOSTILE)
def test_escaped_text_is_shown_as_it_is(words: str) -> None:
    shown = "".join(t.content for token in parsed(f"x {escaped(words)}") for t in token.children or ())
    assert " ".join(shown.split()) == " ".join(f"x {one_line(words)}".split())


@given(HOSTILE)
def test_a_block_keeps_what_it_fences(words: str) -> None:
    fences = [token for token in parsed(f"{block(words)}\n\nafter\n") if token.type == "fence"]
    assert len(fences) == 1


def test_plain_words_stay_readable_in_the_source() -> None:
    for words in ("DATABASE_URL", "hotel-assistant 0.1.0", "0.25 s", "a/b.py:3", "postgresql://u@h/db"):
        assert escaped(words) == words


@pytest.mark.parametrize("position", [0, 10, -1, -2, -40])
def test_a_changed_byte_is_noticed_by_the_last_line(position: int) -> None:
    data = bytearray(render(made.document()).encode())
    assert intact(bytes(data))
    data[position] ^= 1
    assert not intact(bytes(data))
    assert not intact(b"")


def test_a_target_is_a_line_with_its_interval() -> None:
    text = section(render(made.document(performance=(made.MEASURED,))), 12)
    assert "| api_p95 | 0.2 s | 0.031 s | 2000 | ✅ pass | between 30.5 ms and 31.4 ms | ev-0001 |" in text
    assert "Not run" not in text


def test_a_check_that_stands_on_a_kept_answer_says_so() -> None:
    text = render(made.document(made.WITH_KEPT))
    assert "| ✅ pass, cached | ENV012 |" in text
    assert f"- **ENV012** cached: stands on an answer of {made.KEPT_SINCE}" in text
    assert "| ❌ fail | ENV001 |" in text
    assert "cached" not in render(made.document())


def test_a_check_with_findings_that_were_left_out_says_so() -> None:
    text = render(made.document(made.NARROWED))
    assert "| ✅ pass, left out | ENV012 |" in text
    assert f"- **ENV012** left out: {made.LEFT_OUT}" in text
    assert "left out" not in render(made.document())


def test_the_lock_timeline_is_a_table_in_its_section() -> None:
    text = section(render(made.document(lock_timeline=made.LOCKS)), 2)
    assert "not the length" in text
    rows = [line for line in text.splitlines() if line.startswith("| public.notes |")]
    assert len(rows) == 3
    assert rows[1] == (
        "| public.notes | reads and writes | 1.0 ms | 9.5 ms | ACCESS EXCLUSIVE | migrations/3.sql:4 "
        "| ALTER TABLE notes ADD stamp date |"
    )
    assert "Lock timeline" not in render(made.document())
    kept = section(render(made.document(lock_timeline=made.KEPT_LOCKS)), 2)
    assert f"It stands on an answer of {made.KEPT_SINCE}; nothing" in kept


def test_of_many_tables_the_lock_timeline_names_twelve() -> None:
    text = section(render(made.document(lock_timeline=made.locks_of(14))), 2)
    assert text.count("| public.t") == 12
    assert "and 2 more tables in report.json" in text
