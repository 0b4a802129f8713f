"""Old measurements on a real disk."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from hotelctl.adapters.files import LocalFiles
from hotelctl.cli._outdated import prune_measurements
from hotelctl.cli._wiring import Asked, configure, layout_of
from tests.config.test_load import MINIMAL
from tests.facts.test_load_measurement import WRITTEN
from tests.fakes.evidence import FakeEvidence


@dataclass
class Kept:
    """A project of which five measurements lie there, and two may stay."""

    root: Path

    def place(self, name: str) -> Path:
        return self.root / ".hotelctl/local/measurements" / name

    def pruned(self) -> tuple[str, ...]:
        configuration = configure(Asked(None, "local"))
        return prune_measurements(
            LocalFiles(FakeEvidence(), self.root), layout_of(configuration), configuration
        )

    @property
    def there(self) -> list[str]:
        return sorted(path.name for path in self.place("").iterdir())


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    (tmp_path / "hotelctl.toml").write_text(f"{MINIMAL}\n[retention]\nmeasurements = 2\n")
    monkeypatch.chdir(tmp_path)
    made = Kept(tmp_path)
    for n, release in enumerate(("r1", "r1", "r2", "r2", "r2"), start=1):
        found = WRITTEN.model_copy(update={"id": f"m{n}", "release": release})
        made.place(f"m{n}").mkdir(parents=True)
        (made.place(f"m{n}") / "measurement.json").write_text(found.model_dump_json(by_alias=True))
        (made.place(f"m{n}") / "evidence.jsonl").touch()
    return made


def test_the_newest_stay_and_what_the_last_release_is_compared_with(kept: Kept) -> None:
    assert kept.pruned() == ("m1", "m3")
    assert kept.there == ["m2", "m4", "m5"]
    assert kept.pruned() == ()


def test_one_that_a_report_stands_on_stays(kept: Kept) -> None:
    report = kept.root / "reports" / "a"
    report.mkdir(parents=True)
    read = {"adapter": "files", "inputs": [{"path": ".hotelctl/local/measurements/m1/measurement.json"}]}
    (report / "evidence.jsonl").write_text(json.dumps(read) + "\n")
    (report / "report.json").write_text("{}")
    assert kept.pruned() == ("m3",)
    assert "m1" in kept.there


def test_what_cannot_be_read_and_what_is_a_copy_are_left_alone(kept: Kept) -> None:
    (kept.place("m1") / "measurement.json").write_text("{")
    copy = kept.place("m0")
    kept.place("m3").rename(copy)
    assert kept.pruned() == ()
    assert kept.there == ["m0", "m1", "m2", "m4", "m5"]
