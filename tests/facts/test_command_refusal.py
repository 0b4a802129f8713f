from hotelctl.core.ports import Completed
from hotelctl.facts.command_refusal import refusal_of


def _of(text: str, *, timed_out: bool = False) -> str:
    return refusal_of(Completed(("up",), None if timed_out else 1, "", text, timed_out, 30.2, "ev-1"))


def test_of_words_with_a_link_behind_them_those_of_the_server_are_taken() -> None:
    link = "(Background on this error at: https://sqlalche.me/e/e3q8)"
    refused = "sqlalchemy.exc.OperationalError: connection failed"
    assert _of(f"Traceback\n{refused}\n[SQL: x]\n{link}\n") == refused
    assert _of(link) == link
    assert _of("first\nlast\n") == "last"


def test_what_said_nothing_ended_somehow() -> None:
    assert _of("") == "ended with 1 and said nothing"
    assert _of("waits", timed_out=True) == "killed at its limit after 30 s"
