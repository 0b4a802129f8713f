from hotelctl.checks.env.references_are_resolved import references_are_resolved
from tests.checks import made


def test_what_stands_above_or_in_the_process_or_has_a_default_is_fine() -> None:
    text = "HOST=a\nURL=http://${HOST}/${USER_NAME}/${PART:-x}\nPRICE=5$ and $HOME\nQ='${HOST}'\n"
    assert not made.judged(references_are_resolved, made.files(text), made.process(USER_NAME="u"))


def test_an_unknown_name_is_a_finding_with_its_line() -> None:
    (finding,) = made.judged(
        references_are_resolved, made.files("A=1\nURL=http://hunter2@${HOTS}/\n"), made.process()
    )
    assert (finding.subject, str(finding.location), finding.fix) == ("URL HOTS", ".env.local:2", "HOTS=...")


def test_a_name_that_is_set_below_comes_too_late() -> None:
    (finding,) = made.judged(references_are_resolved, made.files("A=${B}\nB=hunter2\n"), made.process())
    assert "set on line 2 below" in finding.message
