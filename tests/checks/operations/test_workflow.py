from hotelctl.checks.operations.workflow import evidence_of
from hotelctl.core.finding import CommandOutput, HttpExchange, Measurement
from hotelctl.facts.smoke_run import SmokeRun, WorkflowResult


def test_a_request_is_shown_with_its_place_and_all_else_by_its_words() -> None:
    took = Measurement("took", 7, "ms")
    results = (
        WorkflowResult("w", 1, 0.1, "GET /notes: answered 503", ("ev-1",), (took,)),
        WorkflowResult("p", 0, 0.1, "killed at its limit", ("ev-2",)),
    )
    run = SmokeRun("http://127.0.0.1:8001", results)
    first, second = (evidence_of(run, one) for one in results)
    exchange, measured = first
    assert isinstance(exchange, HttpExchange)
    assert (exchange.method, exchange.url, measured) == ("GET", "http://127.0.0.1:8001/notes", took)
    (words,) = second
    assert isinstance(words, CommandOutput)
    assert (words.argv, words.excerpt) == (("p",), "killed at its limit")
