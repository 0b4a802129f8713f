import pytest

from hotelctl.checks.docker.built_image_keeps_no_secret import built_image_keeps_no_secret as check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Severity
from hotelctl.facts.docker_secrets import DeclaredSecrets
from hotelctl.facts.secret import Secret
from tests.checks import made
from tests.checks.docker.images import GOOD, image

_KNOWN = DeclaredSecrets(frozenset({"NOTES_PEPPER"}), (Secret("x7-hunter2-Kq9w"),))
_VALUE = "hunter2-hunter2-Ab12"


def test_one_without_is_fine() -> None:
    assert made.judged(check, GOOD, _KNOWN) == []


@pytest.mark.parametrize(
    ("env", "why"),
    [
        (("API_KEY", _VALUE), "holds a secret by its name"),
        (("NOTES_PEPPER", _VALUE), "holds a secret by its name"),
        (("GREETING", "say x7-hunter2-Kq9w twice"), "holds a value that is a secret"),
        (("DATABASE_URL", "postgresql://o:hunter2pw@db/x"), "holds a value that is a secret"),
    ],
)
def test_a_variable_is_named_and_its_value_is_not(env: tuple[str, str], why: str) -> None:
    (finding,) = made.judged(check, image(env=(env,)), _KNOWN)
    assert finding.message == f"notes:1: variable {env[0]} {why}"
    assert finding.severity is None


@pytest.mark.parametrize("env", [("DB_PASSWORD", "changeme"), ("A", "postgresql://u:pass@localhost/dummy")])
def test_a_word_of_examples_is_less_bad(env: tuple[str, str]) -> None:
    (finding,) = made.judged(check, image(env=(env,)), _KNOWN)
    assert finding.severity is Severity.MEDIUM
    assert finding.message.endswith("holds a word of examples that somebody will run with")


@pytest.mark.parametrize("value", ["", "true", "/run/secrets/key"])
def test_what_is_no_secret_under_such_a_name_is_fine(value: str) -> None:
    assert made.judged(check, image(env=(("API_KEY", value),)), _KNOWN) == []


@pytest.mark.parametrize(
    "words",
    [
        f"|2 COMMIT=abc API_KEY={_VALUE} /bin/sh -c make",
        f"RUN |1 API_KEY={_VALUE} /bin/sh -c make # buildkit",
        f"|2 TITLE=hello big world API_KEY={_VALUE} /bin/sh -c make",
        f"ARG API_KEY={_VALUE}",
        f"/bin/sh -c #(nop)  ARG API_KEY={_VALUE}",
    ],
)
def test_an_argument_of_the_build_stays_in_the_history(words: str) -> None:
    (finding,) = made.judged(check, image(history=(words,)), _KNOWN)
    assert finding.message == "notes:1: build argument API_KEY holds a secret by its name"


def test_an_argument_that_is_declared_and_then_used_is_told_once() -> None:
    history = (f"ARG API_KEY={_VALUE}", *[f"RUN |1 API_KEY={_VALUE} /bin/sh -c make # buildkit"] * 2)
    assert len(made.judged(check, image(history=history), _KNOWN)) == 1


def test_words_of_a_step_are_searched_and_what_the_variables_say_is_told_once() -> None:
    (step,) = made.judged(check, image(history=("a", "RUN curl -u me:x7-hunter2-Kq9w x")), _KNOWN)
    assert step.message == "notes:1: step 2 of the history has a secret in its words"
    history = (f"/bin/sh -c #(nop)  ENV API_KEY={_VALUE}", f"ENV API_KEY={_VALUE}")
    assert len(made.judged(check, image(env=(("API_KEY", _VALUE),), history=history), _KNOWN)) == 1


def test_a_label_is_read() -> None:
    (finding,) = made.judged(check, image(labels={"by": "x7-hunter2-Kq9w"}), _KNOWN)
    assert finding.message == "notes:1: label by holds a value that is a secret"


def test_a_contract_that_cannot_be_asked_leaves_it_unknown() -> None:
    with pytest.raises(Unavailable, match="no contract"):
        made.judged(check, GOOD, DeclaredSecrets(doubt="no contract"))
