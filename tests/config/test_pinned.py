import json

import pytest

from hotelctl.config.pinned import in_doubt, pin, pinned
from hotelctl.config.service import ServiceSpec
from hotelctl.core.errors import StepFailed
from tests.deploy.town import SPEC

_BUILT = ServiceSpec.model_validate(SPEC)
_TODAY = ServiceSpec.model_validate(
    {
        **SPEC,
        "run": {"command": ["another"], "prepare": [["more"]]},
        "health": {"live": "/l", "ready": "/r", "version": "/v"},
    }
)


def test_a_release_keeps_what_it_was_built_with_whatever_the_service_file_says_today() -> None:
    own = pinned(pin(_BUILT), _TODAY, "d1")
    assert (own.run, own.health, own.smoke) == (_BUILT.run, _BUILT.health, _BUILT.smoke)


def test_one_from_before_it_was_kept_is_as_today_s_but_has_no_programs() -> None:
    own = pinned(None, _TODAY, "d1")
    assert (own.run, own.health) == (_TODAY.run, _TODAY.health)
    assert (own.smoke.workflow, own.smoke.command, own.smoke.carry) == (_TODAY.smoke.workflow, (), None)


def test_what_a_newer_hotelctl_keeps_besides_is_passed_over() -> None:
    kept = json.loads(pin(_BUILT))
    kept["run"]["grace_s"] = kept["smoke"]["workflow"][0]["later"] = kept["more"] = 1
    assert pinned(json.dumps(kept).encode(), _TODAY, "d1").run == _BUILT.run


def test_of_what_runs_already_a_damaged_file_is_no_obstacle() -> None:
    assert in_doubt(pin(_BUILT), _TODAY, "d1").run == _BUILT.run
    assert in_doubt(b"{", _TODAY, "d1") == pinned(None, _TODAY, "d1")


@pytest.mark.parametrize("kept", [b"", b"{", b"{}", b'{"run": {"command": []}}', b"\xff"])
def test_what_cannot_be_read_is_refused_in_one_line(kept: bytes) -> None:
    with pytest.raises(StepFailed, match=r"how release d1 is started .*: its service\.json is damaged"):
        pinned(kept, _TODAY, "d1")
