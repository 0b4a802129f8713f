"""Every program that a check starts: however it fails to answer, its answer is no verdict."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Completed
from hotelctl.facts import (
    advisories,
    betterleaks,
    bill_of_materials,
    hadolint,
    kingfisher,
    migration_lint,
    rendered_metadata,
    wheel_contents,
    workflow_audit,
)

_READERS: dict[str, Callable[[Completed], Any]] = {
    "hadolint": hadolint.remarks,
    "squawk": partial(migration_lint.remarks, "a.sql"),
    "zizmor": workflow_audit.findings,
    "pip-audit": lambda done: advisories.answer(done, {}),
    "cyclonedx-py": bill_of_materials.components,
    "twine": rendered_metadata.complaints,
    "check-wheel-contents": partial(wheel_contents.remarks, "a.whl"),
    "betterleaks": lambda done: betterleaks.answered(done, {"f" * 64: "planted.py"}),
    "kingfisher": lambda done: kingfisher.in_archive(done, {}),
    "kingfisher over a history": lambda done: kingfisher.in_history(done, 2),
}
_ENDS: dict[str, tuple[int | None, str, bool]] = {
    "it hangs": (None, "", True),
    "it hangs after a good beginning": (None, "[]", True),
    "it crashes": (-11, "", False),
    "it is out of memory": (137, "[]", False),
    "it prints nothing": (0, "", False),
    "it prints nothing and fails": (1, "", False),
    "it prints garbage": (0, "\x00%&/ garbage", False),
    "it prints garbage and fails": (1, "<html>", False),
    "it prints half of its answer": (0, '[{"a": ', False),
    "it prints an answer to something else": (0, '"ok"', False),
    "it prints brackets": (0, "[" * 100_000, False),
}


@pytest.mark.parametrize("end", _ENDS)
@pytest.mark.parametrize("program", _READERS)
def test_is_no_verdict(program: str, end: str) -> None:
    code, said, timed_out = _ENDS[end]
    with pytest.raises(Unavailable) as refused:
        _READERS[program](Completed((program,), code, said, "", timed_out, 0.1, "ev-1"))
    assert refused.value.reason
    assert len(refused.value.reason) < 400
