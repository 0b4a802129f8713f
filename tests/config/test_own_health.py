from pathlib import Path

import pytest

from hotelctl.config.own_health import own_health
from hotelctl.config.pinned import pin
from hotelctl.config.service import ServiceSpec
from tests.deploy.town import SPEC
from tests.fakes.files import FakeFiles

_KEPT = Path("/state/releases/d1/service.json")
_BUILT = ServiceSpec.model_validate(SPEC)
_TODAY = ServiceSpec.model_validate({**SPEC, "health": {"live": "/l", "ready": "/r", "version": "/v"}})


def test_a_release_answers_what_it_was_built_with() -> None:
    files = FakeFiles({_KEPT: pin(_BUILT)})
    assert own_health(_KEPT, files, _TODAY, "d1") == _BUILT.health


def test_without_it_or_where_it_is_damaged_todays_are_asked() -> None:
    assert own_health(_KEPT, FakeFiles(), _TODAY, "d1") == _TODAY.health
    assert own_health(_KEPT, FakeFiles({_KEPT: b"{"}), _TODAY, "d1") == _TODAY.health


def test_one_that_may_not_be_read_counts_as_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    files = FakeFiles({_KEPT: pin(_BUILT)})

    def refuse(_: Path) -> bytes:
        raise PermissionError(_KEPT)

    monkeypatch.setattr(files, "read", refuse)
    assert own_health(_KEPT, files, _TODAY, "d1") == _TODAY.health
