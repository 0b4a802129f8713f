import pytest

from hotelctl.app.domain.assistant.registry import MODELS, Model, ModelStatus
from hotelctl.app.domain.permissions import GRANTS

_NOT_BUILT = {"billing-detection", "room-status-detection", "pms-cross-location-linking", "voice-reception"}


def test_there_are_twelve_and_four_of_them_say_that_they_are_not_built() -> None:
    assert len(MODELS) == 12
    found = {key for key, model in MODELS.items() if model.status(frozenset()) is ModelStatus.NOT_CONFIGURED}
    assert found == _NOT_BUILT
    assert all(MODELS[key].needs for key in _NOT_BUILT)


def test_what_a_hotel_can_switch_is_off_until_it_does() -> None:
    offers = MODELS["dynamic-upsell-engine"]
    assert offers.status(frozenset()) is ModelStatus.OFF
    assert offers.status(frozenset({"upsell_enabled"})) is ModelStatus.AVAILABLE


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_an_entry_is_complete_and_somebody_may_use_it(
    model: Model,
) -> None:
    assert model.title
    assert model.purpose.endswith(".")
    assert 0 < model.timeout_s <= 60
    assert any(model.required_permission in granted for granted in GRANTS.values())
