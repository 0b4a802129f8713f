from pathlib import Path

import pytest

from hotelctl.cli import _serving
from hotelctl.cli._serving import process_of, serving, traffic_of
from hotelctl.cli._wiring import Asked, configure
from hotelctl.config.load import Configuration
from hotelctl.core.errors import Diverged, UsageError
from hotelctl.deploy.release import Release
from hotelctl.deploy.targets.places import Places
from hotelctl.deploy.targets.units import Observed, State
from hotelctl.deploy.traffic import Traffic
from tests.config.test_load import MINIMAL

RELEASE = Release("d1", "1.0", "a" * 40, "artifact/x.whl", "0", None, {})


@pytest.fixture
def configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Configuration:
    """A project in which nothing was ever deployed."""
    (tmp_path / "hotelctl.toml").write_text(MINIMAL)
    monkeypatch.chdir(tmp_path)
    return configure(Asked(None, "local"))


def test_nothing_serves_at_first(configuration: Configuration) -> None:
    assert traffic_of(configuration) == Traffic(None)
    with pytest.raises(UsageError, match="nothing is deployed here yet"):
        serving(configuration)


def test_a_damaged_journal_hides_nothing(configuration: Configuration) -> None:
    journal = configuration.project / ".hotelctl" / "local" / "deploys" / "d1" / "journal.jsonl"
    journal.parent.mkdir(parents=True)
    journal.write_text("{}\n{}\n")
    assert traffic_of(configuration) == Traffic(None)


def test_what_serves_is_told_and_a_divergence_raised(
    configuration: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_serving, "look", lambda *_: Traffic(RELEASE))
    assert serving(configuration) == RELEASE
    monkeypatch.setattr(_serving, "look", lambda *_: Traffic(None, Diverged("nobody knows")))
    with pytest.raises(Diverged):
        serving(configuration)


def test_the_process_of_a_release_is_the_one_that_its_supervisor_saw(
    configuration: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert process_of(configuration, RELEASE) is None
    places = Places(configuration.project / ".hotelctl" / "local")
    places.make()
    seen = Observed(RELEASE.id, State.RUNNING, "r", pid=4711)
    seen.store(places.observed)
    assert process_of(configuration, RELEASE) is None
    monkeypatch.setattr(Observed, "alive", property(lambda _: True))
    assert process_of(configuration, RELEASE) == 4711
