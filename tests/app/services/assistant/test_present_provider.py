import pytest
from pydantic import SecretStr

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.external_settings import OpenAISettings
from hotelctl.app.services.assistant.breaker import FAILURES
from hotelctl.app.services.assistant.present_provider import present_provider
from hotelctl.app.services.assistant.selection import Providers
from hotelctl.app.services.external.openai import OpenAI
from hotelctl.app.store.hotel_facts import WITH_EXTERNAL, HotelFacts


def _hotel(*switches: str, ai_enabled: bool = True, is_synthetic: bool = False) -> HotelFacts:
    on = frozenset({"ai_enabled"} if ai_enabled else ())
    return HotelFacts(uuid7(), "Alpha", "en", None, 1000, is_synthetic, on | frozenset(switches))


@pytest.fixture
def providers() -> Providers:
    settings = OpenAISettings(openai_api_key=SecretStr("key"), openai_model="some-model")
    return Providers(settings, OpenAI(settings))


def test_the_model_speaks_where_the_hotel_wants_it(providers: Providers) -> None:
    assert present_provider(providers, _hotel("openai_enabled")) == "openai"
    assert present_provider(providers, _hotel()) == "local"


def test_a_model_that_failed_too_often_is_stood_in_for(providers: Providers) -> None:
    for _ in range(FAILURES):
        providers.breaker.failed()
    assert present_provider(providers, _hotel("openai_enabled")) == "degraded"
    assert present_provider(providers, _hotel()) == "local"


def test_an_assistant_that_is_switched_off_is_nobody(providers: Providers) -> None:
    assert present_provider(providers, _hotel("openai_enabled", ai_enabled=False)) == "off"


def test_a_probes_hotel_is_answered_inside_unless_it_was_to_go_out(providers: Providers) -> None:
    assert present_provider(providers, _hotel("openai_enabled", is_synthetic=True)) == "local"
    asked = _hotel("openai_enabled", WITH_EXTERNAL, is_synthetic=True)
    assert present_provider(providers, asked) == "openai"
