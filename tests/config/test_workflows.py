from hotelctl.config.service import SmokeStep, Workflow
from hotelctl.config.workflows import run_workflows
from hotelctl.facts.smoke_run import WorkflowResult
from tests.fakes.http import FakeHttp

_BASE = "http://127.0.0.1:1"
_LOGIN = SmokeStep.model_validate(
    {
        "request": "POST /login",
        "json": {"email": "{email}", "deep": [{"x": "{email}"}]},
        "status": 200,
        "expect": {"user.role": "manager"},
        "capture": {"token": "access.token"},
    }
)
_USE = SmokeStep.model_validate(
    {"request": "GET /mine/{token}", "headers": {"Authorization": "Bearer {token}"}, "status": 200}
)


def _run(http: FakeHttp, *steps: SmokeStep) -> WorkflowResult:
    (result,) = run_workflows([Workflow(name="login", step=steps)], _BASE, {"email": "a@b.example"}, http)
    return result


def test_values_of_one_answer_are_used_in_the_next_request() -> None:
    http = FakeHttp()
    http.answer("POST", f"{_BASE}/login", 200, {"user": {"role": "manager"}, "access": {"token": "t1"}})
    http.answer("GET", f"{_BASE}/mine/t1", 200)
    result = _run(http, _LOGIN, _USE)
    assert result.passed
    assert result.requests == 2
    assert len(result.evidence) == 2
    assert http.requests[0].json == {"email": "a@b.example", "deep": [{"x": "a@b.example"}]}
    assert http.requests[1].headers == {"Authorization": "Bearer t1"}


def test_another_status_fails_and_ends_the_workflow() -> None:
    http = FakeHttp()
    http.answer("POST", f"{_BASE}/login", 302)
    result = _run(http, _LOGIN, _USE)
    assert result.why == "POST /login: answered 302, declared is 200"
    assert len(http.requests) == 1


def test_another_value_a_missing_capture_and_no_answer_each_say_so() -> None:
    other, lacking = FakeHttp(), FakeHttp()
    other.answer("POST", f"{_BASE}/login", 200, {"user": {"role": "guest"}})
    lacking.answer("POST", f"{_BASE}/login", 200, {"user": {"role": "manager"}})
    assert "user.role is not 'manager'" in _run(other, _LOGIN).why
    assert "lacks access.token" in _run(lacking, _LOGIN).why
    assert "no answer: connection refused" in _run(FakeHttp(), _LOGIN).why


def _me(email: str) -> FakeHttp:
    http = FakeHttp()
    http.answer("GET", f"{_BASE}/me", 200, {"email": email})
    return http


def test_what_is_expected_may_be_a_value_of_before() -> None:
    wanted, unknown = (
        SmokeStep.model_validate({"request": "GET /me", "status": 200, "expect": {"email": text}})
        for text in ("{email}", "{mail}")
    )
    assert _run(_me("a@b.example"), wanted).passed
    assert _run(_me("c@d.example"), wanted).why == "GET /me: email is not 'a@b.example'"
    assert "nothing is known for {mail}" in _run(_me("a@b.example"), unknown).why


def test_one_failing_workflow_does_not_hide_another() -> None:
    http = FakeHttp()
    http.answer("GET", f"{_BASE}/b", 200)
    step = [SmokeStep.model_validate({"request": f"GET /{name}"}) for name in "ab"]
    results = run_workflows([Workflow(name=s.request, step=(s,)) for s in step], _BASE, {}, http)
    assert [result.passed for result in results] == [False, True]


def test_a_value_that_nobody_gave_fails_the_workflow_by_name_and_is_never_sent() -> None:
    http = FakeHttp()
    http.answer("GET", f"{_BASE}/a", 200)
    steps = [SmokeStep.model_validate({"request": request}) for request in ("GET /a", "GET /b/{thing}")]
    result = _run(http, *steps)
    assert result.why == "smoke step GET /b/{thing}: nothing is known for {thing}"
    assert (result.requests, len(http.requests), len(result.evidence)) == (1, 1, 1)
