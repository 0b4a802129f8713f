"""The service's smoke workflows: requests whose answers are compared, values carried from one to the next."""

from collections.abc import Mapping, Sequence

from hotelctl.config.service import SmokeStep, Workflow
from hotelctl.config.template import fill, fill_tree
from hotelctl.core.errors import UsageError
from hotelctl.core.http import Http, Reply
from hotelctl.facts.smoke_run import WorkflowResult


def run_workflows(
    workflows: Sequence[Workflow], base_url: str, variables: Mapping[str, str], http: Http
) -> tuple[WorkflowResult, ...]:
    """The result of each workflow against `base_url`; one failing does not stop the others."""
    return tuple(_run(workflow, base_url, dict(variables), http) for workflow in workflows)


def _run(workflow: Workflow, base_url: str, values: dict[str, str], http: Http) -> WorkflowResult:
    replies: list[Reply] = []
    why = ""
    for step in workflow.step:
        try:
            replies.append(_ask(step, base_url, values, http))
            why = _difference(step, replies[-1], values)
        except UsageError as unfilled:
            why = unfilled.message
        if why:
            break
        values |= {name: str(replies[-1].at(path)) for name, path in step.capture.items()}
    seconds = sum(reply.duration_s for reply in replies)
    return WorkflowResult(workflow.name, len(replies), seconds, why, tuple(r.evidence for r in replies))


def _ask(step: SmokeStep, base_url: str, values: Mapping[str, str], http: Http) -> Reply:
    method, path = step.request.split(" ", 1)
    where = f"smoke step {step.request}"
    headers = {name: fill(text, values, where) for name, text in step.headers.items()}
    body = None if step.json_body is None else fill_tree(step.json_body, values, where)
    return http.request(method, base_url + fill(path, values, where), headers=headers, json=body)


def _difference(step: SmokeStep, reply: Reply, values: Mapping[str, str]) -> str:
    if reply.status is None:
        return f"{step.request}: no answer: {reply.error}"
    if reply.status != step.status:
        return f"{step.request}: answered {reply.status}, declared is {step.status}"
    for path, declared in step.expect.items():
        wanted = fill_tree(declared, values, f"smoke step {step.request}")
        if reply.at(path) != wanted:
            return f"{step.request}: {path} is not {wanted!r}"
    missing = [path for path in step.capture.values() if reply.at(path) is None]
    return f"{step.request}: the answer lacks {', '.join(missing)}" if missing else ""
