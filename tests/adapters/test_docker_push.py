"""An engine and a registry that do not agree, or do not end what they began."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from hotelctl.adapters import docker_push
from hotelctl.adapters.docker_push import DockerPushes
from hotelctl.core.errors import StepFailed, Unavailable
from tests.fakes.evidence import FakeEvidence

_SENT = {"aux": {"Digest": "sha256:1"}}
_NAME = "r.example.org/notes:1"


def _pushed(
    monkeypatch: pytest.MonkeyPatch, attempts: Sequence[Any], there: str = "sha256:1"
) -> tuple[str, list[float], FakeEvidence]:
    """What came of it; each attempt is a list of messages, or what is raised."""
    left = [*attempts]

    def push(*_: object, **__: object) -> Iterator[Mapping[str, object]]:
        said = left.pop(0)
        if isinstance(said, Exception):
            raise said
        return iter(said)

    @contextmanager
    def engine(_environ: Mapping[str, str], _timeout_s: float) -> Iterator[SimpleNamespace]:
        asked = lambda _: {"Descriptor": {"digest": there}}  # noqa: E731 - one answer
        yield SimpleNamespace(api=SimpleNamespace(push=push, inspect_distribution=asked))

    monkeypatch.setattr(docker_push, "docker_engine", engine)
    pauses: list[float] = []
    evidence = FakeEvidence()
    digest = DockerPushes({}, evidence, pauses.append).push(_NAME, lambda _: None, 60)
    assert not left
    return digest, pauses, evidence


def test_each_way_of_being_lost_is_tried_again_with_longer_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = [[{"error": "EOF"}], [{"status": "Pushing"}], Unavailable("it is away"), [_SENT]]
    digest, pauses, evidence = _pushed(monkeypatch, attempts)
    assert digest == "sha256:1"
    assert pauses == [1.0, 2.0, 4.0]
    assert [one["attempts"] for one in evidence.records] == [4]


def test_another_image_by_that_name_is_no_success(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StepFailed, match="the registry has sha256:2 by that name, and sha256:1 was sent"):
        _pushed(monkeypatch, [[_SENT]], there="sha256:2")


def test_a_refusal_that_stays_one_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StepFailed, match="notes:1 cannot be pushed: denied: no"):
        _pushed(monkeypatch, [[{"error": "denied: no"}]])


def test_what_no_engine_says_is_tried_again_and_then_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StepFailed, match="after 5 attempts: the engine says what no engine says"):
        _pushed(monkeypatch, [[7], [7], [7], [7], [7]])
