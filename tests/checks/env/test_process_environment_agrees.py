from hotelctl.checks.env.process_environment_agrees import process_environment_agrees
from tests.checks import made


def test_the_same_value_and_other_keys_are_fine() -> None:
    here = made.process(A="1", PATH="/bin")
    assert not made.judged(process_environment_agrees, made.files("A=0\nA=1\nB=2\n"), here)


def test_another_value_is_a_note_with_the_line_that_does_not_count() -> None:
    here = made.process(A="hunter2")
    (finding,) = made.judged(process_environment_agrees, made.files("B=1\nA=hunter2x\n"), here)
    assert (finding.subject, str(finding.location), finding.fix) == ("A", ".env.local:2", "unset A")
    assert len(finding.evidence) == 2


def test_a_name_is_quoted_where_the_shell_would_run_it() -> None:
    here = made.process(**{"A;id": "hunter2"})
    (finding,) = made.judged(process_environment_agrees, made.files("A;id=hunter2x\n"), here)
    assert finding.fix == "unset 'A;id'"
