from hotelctl.adapters.load.recorded import End, RecordedRun
from hotelctl.adapters.load.run import Load
from hotelctl.adapters.load.wire import Answer


def test_only_the_named_statuses_are_good() -> None:
    run = RecordedRun(Load("http://127.0.0.1:1/"), (201,))
    for status in (200, 201):
        run._answered(Answer(status, b"", keep=True), run._began)
    run._failed("reset", "", run._began)
    assert [end.kind for end in run.ends] == ["status_200", "", "reset"]
    assert [end.latency_s is None for end in run.ends] == [True, False, True]
    assert [end.answered for end in run.ends] == [True, True, False]
    assert run.result.errors == {"status_200": 1, "reset": 1}


def test_an_end_without_a_kind_is_a_good_answer() -> None:
    assert End(0, 1, 1.0).answered
