from hotelctl.checks.env.code_reads_declared_keys import code_reads_declared_keys
from hotelctl.core.finding import Severity
from hotelctl.facts.code_reads import CodeReads, Read
from tests.checks import made

_CONTRACT = made.contract(QUEUE_NAME={}, PORT={})


def reads(*names: tuple[str, ...]) -> tuple[Read, ...]:
    return tuple(Read(one, "app.py", n, "os.environ") for n, one in enumerate(names, start=1))


def test_declared_given_and_platform_names_are_fine() -> None:
    seen = reads(("PORT",), ("HOME",), ("XDG_STATE_HOME",), ("OLD", "PORT"), ("DB",))
    code = CodeReads(seen, 1, given=frozenset({"DB"}))
    assert not made.judged(code_reads_declared_keys, code, _CONTRACT)


def test_an_undeclared_name_is_told_once_with_its_first_place() -> None:
    code = CodeReads(reads(("QUEUE_NAMES",), ("QUEUE_NAMES",)), 1)
    (finding,) = made.judged(code_reads_declared_keys, code, _CONTRACT)
    assert (finding.subject, str(finding.location), finding.severity) == ("QUEUE_NAMES", "app.py:1", None)
    assert "did you mean QUEUE_NAME?" in finding.message
    assert finding.fix.startswith("[keys.QUEUE_NAMES]")


def test_alternatives_are_told_together() -> None:
    (finding,) = made.judged(code_reads_declared_keys, CodeReads(reads(("A", "B")), 1), _CONTRACT)
    assert "A or B" in finding.message


def test_a_file_that_was_not_looked_at_is_a_note() -> None:
    code = CodeReads(reads(("PORT",)), 1, skipped={"big.py": "has 2.5 MB, above 2 MB"})
    (finding,) = made.judged(code_reads_declared_keys, code, _CONTRACT)
    assert finding.severity is Severity.INFO
    assert finding.message == "big.py was not looked at: has 2.5 MB, above 2 MB"
