from pathlib import Path

import pytest

from hotelctl.deploy.targets.berth import Berth
from hotelctl.deploy.targets.units import Unit
from hotelctl.deploy.targets.verdict import Declared, verdict

_ENDS = {"stop_timeout_s": 20.0, "clean_exit": (0, 143), "clean_log": "bye"}
_UNIT = Unit(name="r", argv=("x",), env={}, cwd="/", log=str(Path("/l")), port=1, **_ENDS)  # type: ignore[arg-type]
_BERTH = Berth(release="r", container="c", engine="e", port=1, drain_signal=None, **_ENDS)  # type: ignore[arg-type]


@pytest.mark.parametrize("declared", [_UNIT, _BERTH], ids=["process", "container"])
@pytest.mark.parametrize(
    ("exit_code", "said", "left", "clean", "detail"),
    [
        (143, True, 0, True, "exit code 143"),
        (1, True, 0, False, "exit code 1"),
        (None, True, 0, False, "exit code unknown"),
        (0, False, 0, False, "no line 'bye' in its log"),
        (
            137,
            False,
            2,
            False,
            "2 requests still open at the limit of 20 s; exit code 137; no line 'bye' in its log",
        ),
    ],
)
def test_a_process_and_a_container_are_judged_alike(
    declared: Declared,
    exit_code: int | None,
    said: bool,  # noqa: FBT001 - whether it printed its last line
    left: int,
    clean: bool,  # noqa: FBT001 - what is expected
    detail: str,
) -> None:
    found = verdict(declared, exit_code, lambda _line: said, 1.5, left)
    assert (found.clean, found.waited_s, found.detail) == (clean, 1.5, detail)
