import pytest

from hotelctl.core.judging import needs
from hotelctl.probes.context import Context
from hotelctl.probes.index import by_fact
from hotelctl.probes.registry import PROBES


def test_every_probe_is_found_by_what_it_returns() -> None:
    names = {kind.__name__ for kind in PROBES}
    assert {
        "EnvContract",
        "EnvFiles",
        "LiveDatabase",
        "TestRun",
        "Artifact",
        "RunningService",
        "WorkTree",
    } <= names
    assert len(PROBES) >= 18


def test_what_a_probe_builds_on_is_probed_too_and_never_in_a_circle() -> None:
    def depth(kind: type, above: tuple[type, ...] = ()) -> int:
        assert kind not in above, f"{kind.__name__} builds on itself"
        return 1 + max((depth(other, (*above, kind)) for other in needs(PROBES[kind])), default=0)

    assert max(depth(kind) for kind in PROBES) >= 3


def test_two_probes_of_one_fact_are_refused() -> None:
    def one(context: Context) -> int:
        return len(str(context))

    def other(context: Context) -> int:
        return len(str(context))

    with pytest.raises(ValueError, match="both return int"):
        by_fact(iter([one, other]))
