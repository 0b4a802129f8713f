from collections.abc import AsyncIterator

import pytest

from hotelctl.app.external_settings import ExternalSettings
from hotelctl.app.services.assistant.provider import (
    Cited,
    Delta,
    Event,
    Prompt,
    ProviderError,
    ProviderName,
    Usage,
)
from hotelctl.app.services.external.contact import CallFailed, Contact
from hotelctl.app.services.service import Service
from hotelctl.app.smoke.outside import _answers, _words, probes_of
from hotelctl.app.smoke.run import Probe, Run, run_probes

pytestmark = [pytest.mark.database, pytest.mark.anyio]


class _Model:
    """A model elsewhere that quotes the first entry, or fails."""

    name: ProviderName = "openai"
    model = "some-model"

    def __init__(self, *, fails: bool = False, cites: bool = True) -> None:
        self.fails, self.cites = fails, cites

    async def complete(self, prompt: Prompt, *, timeout_s: float) -> AsyncIterator[Event]:
        assert timeout_s > 0
        if self.fails:
            raise ProviderError("server_error")
        if self.cites:
            yield Cited(prompt.entries[0])
        yield Delta("From seven.")
        yield Usage(10, 2)

    async def close(self) -> None:
        """Nothing to give back."""


class _Service(Contact):
    """An outside service that answers, or fails."""

    name, extra, library, variable = "thing", "thing", "json", "THING"

    def __init__(self, code: str = "") -> None:
        self.code = code

    def configured(self) -> bool:
        """Always."""
        return True

    async def ask(self) -> None:
        """As it was told."""
        if self.code:
            raise CallFailed(self.code)


async def _verdict(run: Run, service: Service, model: _Model) -> str:
    service.assistant.providers._openai = model  # type: ignore[assignment]  # the protocol is what counts here
    (result,) = await run_probes([Probe("P9", 60, _words)], run)
    return f"{result['status']} {result['why']}".strip()


def _names(settings: dict[str, str]) -> list[str]:
    return [one.name for one in probes_of(ExternalSettings.model_validate(settings))]


def test_only_what_is_configured_is_asked() -> None:
    assert _names({}) == []
    keyed = {"openai_api_key": "k" * 20, "smtp_host": "mail.example", "email_from": "a@b.example"}
    assert _names(keyed) == ["P9 smtp", "P9 openai"]
    assert _names({**keyed, "openai_model": "m"}) == ["P9 smtp", "P9 openai", "P9 model elsewhere"]


async def test_a_service_that_answers_is_measured_and_one_that_does_not_is_named(run: Run) -> None:
    probes = [
        Probe("well", 20, lambda one: _answers(_Service(), one)),
        Probe("ill", 20, lambda one: _answers(_Service("unauthorized"), one)),
    ]
    well, ill = await run_probes(probes, run)
    assert (well["status"], [one["name"] for one in well["measured"]]) == ("PASS", ["answer"])
    assert (ill["status"], ill["why"]) == ("FAIL", "thing failed: unauthorized")


async def test_a_question_of_this_run_s_hotel_reaches_the_model(run: Run, service: Service) -> None:
    assert await _verdict(run, service, _Model()) == "PASS"


async def test_a_model_that_does_not_answer_is_seen_behind_the_one_that_stood_in(
    run: Run, service: Service
) -> None:
    found = await _verdict(run, service, _Model(fails=True))
    assert found.startswith("FAIL")
    assert "reply.provider is 'local', must be 'openai'" in found


async def test_an_answer_without_its_source_is_none(run: Run, service: Service) -> None:
    assert (await _verdict(run, service, _Model(cites=False))).startswith("FAIL")
