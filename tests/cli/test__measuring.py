"""`bench` against a real server that stands where the edge would be."""

import json
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from hotelctl.adapters.memory import NOT_FOUND
from hotelctl.cli import _measuring
from hotelctl.cli._measuring import measured
from hotelctl.cli._reach import Machinery
from hotelctl.cli._wiring import Asked, configure
from hotelctl.core.errors import UsageError
from hotelctl.deploy.release import Release
from hotelctl.deploy.targets.far_record import FarRecord
from hotelctl.deploy.targets.places import Places
from hotelctl.facts.load_measurement import read_measurement
from hotelctl.render.facts import Rows
from tests.config.test_load import MINIMAL
from tests.load.misbehaving import Misbehaving

pytestmark = pytest.mark.system
RELEASE = Release("d1", "1.0", "a" * 40, "artifact/x.whl", "0", None, {})
OTHER = Release("d2", "1.1", "b" * 40, "artifact/x.whl", "0", None, {})
LOADS = """
[performance.first]
path = "/a"
rate = 50
seconds = 0.4
warm_up_s = 0.1

[performance.second]
path = "/b"
rate = 50
seconds = 0.2
warm_up_s = 0
status = 201
"""


def _answer(client: socket.socket) -> bool:
    body = json.dumps({"commit": RELEASE.commit}).encode()
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
    return True


@dataclass
class Place:
    """A project, and what serves in it by and by."""

    root: Path
    serving: list[Release]

    def measured(self) -> Rows:
        return measured(Asked(None, "local"), quiet=True, no_color=True)

    @property
    def kept(self) -> list[Path]:
        return sorted((self.root / ".hotelctl" / "local" / "measurements").glob("*"))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """Where `RELEASE` answers all the time."""
    with Misbehaving(_answer).serving() as server:
        port = int(server.url.rpartition(":")[2].partition("/")[0])
        (tmp_path / "hotelctl.toml").write_text(f"{MINIMAL}{LOADS}\n[environments.local]\nport = {port}\n")
        monkeypatch.chdir(tmp_path)
        made = Place(tmp_path, [RELEASE])
        monkeypatch.setattr(
            _measuring, "serving", lambda _: made.serving.pop(0) if made.serving[1:] else made.serving[0]
        )
        monkeypatch.setattr(
            _measuring, "machinery", lambda _: Machinery(supervisor=True, edge=True, port=port)
        )
        yield made


def test_every_load_is_measured_and_kept_with_its_evidence(place: Place) -> None:
    rows = place.measured()
    (directory,) = place.kept
    kept = read_measurement((directory / "measurement.json").read_bytes())
    assert (kept.release, kept.commit, kept.environment) == (RELEASE.id, RELEASE.commit, "local")
    assert (directory.name, kept.same_host) == (kept.id, True)
    first, second = kept.loads
    assert (first.name, first.outcome.n, first.outcome.warm_up_dropped) == ("first", 20, 5)
    assert (second.name, second.outcome.errors) == ("second", {"status_200": 10})
    shown: list[Any] = list(rows.shown)
    assert (shown[0]["failed"], shown[1]["failed"]) == ("", "100.00%")
    assert rows.raw["path"] == f".hotelctl/local/measurements/{kept.id}/measurement.json"
    records = [json.loads(line) for line in (directory / "evidence.jsonl").read_text().splitlines()]
    ran = {record["id"]: record for record in records if record["adapter"] == "process"}
    assert list(ran) == [first.evidence, second.evidence]
    assert {record["commit"] for record in records} == {RELEASE.commit}
    assert first.memory is not None
    assert first.memory.trouble == NOT_FOUND
    assert shown[0]["memory"] == ""
    said = (directory / ran[first.evidence]["output"]["path"]).read_text()
    assert first.outcome.model_dump_json() in said


def test_the_memory_of_its_process_is_sampled_from_the_beginning_of_each_load(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_measuring, "process_of", lambda *_: os.getpid())
    rows = place.measured()
    (directory,) = place.kept
    kept = read_measurement((directory / "measurement.json").read_bytes())
    records = [json.loads(line) for line in (directory / "evidence.jsonl").read_text().splitlines()]
    ran = {record["id"]: record for record in records if record["adapter"] == "memory"}
    held = psutil.Process().memory_info().rss
    for one, shown in zip(kept.loads, rows.shown, strict=True):
        assert one.memory is not None
        assert one.memory.trouble == ""
        *_, last = one.memory.samples
        # The load and the way of its answer are over; its generator took long to start before that.
        assert one.outcome.duration_s <= last.at_s + 0.001
        assert min(sample.at_s for sample in one.memory.samples) >= 0
        assert held / 2 < last.resident_bytes
        assert shown["memory"].endswith(" MB")
        said = (directory / ran[one.memory.evidence]["output"]["path"]).read_text()
        assert f"{last.at_s:.3f} s {last.resident_bytes} bytes" in said


def test_what_serves_from_an_engine_elsewhere_is_on_another_host(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"http://127.0.0.1:{configure(Asked(None, 'local')).environment.port}"
    places = Places(place.root / ".hotelctl" / "local")
    places.make()
    FarRecord("ssh://ops@host", "edge", 8080).store(places)
    monkeypatch.setattr(_measuring, "edge_url", lambda _: url)
    monkeypatch.setattr(_measuring, "process_of", lambda *_: None)
    place.measured()
    kept = read_measurement((place.kept[0] / "measurement.json").read_bytes())
    assert (kept.url, kept.same_host) == (url, False)


def test_a_release_that_changed_meanwhile_was_not_measured(place: Place) -> None:
    place.serving.append(OTHER)
    with pytest.raises(UsageError, match="another release came to serve meanwhile"):
        place.measured()
    assert place.kept == []


def test_one_that_cannot_be_reached_is_not_loaded(place: Place) -> None:
    place.serving = [OTHER]
    with pytest.raises(UsageError, match=r"what serves cannot be loaded: port \d+ runs another commit"):
        place.measured()
    assert place.kept == []


def test_a_generator_that_fails_leaves_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(UsageError, match="the generator of load first failed"):
        place.measured()
    assert place.kept == []
