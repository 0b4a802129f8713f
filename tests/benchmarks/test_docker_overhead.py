import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks import docker_overhead
from benchmarks.docker_overhead import Found, Used, page, spans
from hotelctl.deploy.journal import Kind, Record

if TYPE_CHECKING:
    from docker import DockerClient

_STEPS = ("lock", "preflight", "test", "build", "backup", "prove", "migrate", "stage")


def _record(second: int, step: str, kind: Kind, data: dict[str, Any] | None = None) -> Record:
    return Record(step, kind, data or {}, ts_utc=f"1970-01-01T00:00:{second:02}+00:00")


def _records() -> tuple[Record, ...]:
    """Of a deploy that begins its first step in second 2, and needs 3 s for each."""
    done = [_record(5 + 3 * n, step, Kind.DONE) for n, step in enumerate(_STEPS)]
    flip = _record(28, "switch", Kind.EFFECT, {"traffic": "r1"})
    watched = _record(50, "switch", Kind.DONE)
    return _record(2, "lock", Kind.INTENT), *done, _record(27, "switch", Kind.EFFECT), flip, watched


def test_the_parts_of_a_deploy_add_up_to_the_time_until_people_are_served() -> None:
    docker: list[dict[str, Any]] = [
        {"operation": "build", "duration_s": 1.5},
        {"operation": "save", "saved_s": 0.5},
        {"operation": "read", "looked_s": 0.25},
        {"operation": "read", "looked_s": 0.25},
        {"operation": "tag"},
    ]
    taken = spans(0.0, _records(), docker)
    assert sum(taken.values()) == 28
    assert (taken["start"], taken["flip"], taken["backup"]) == (2, 2, 3)
    assert (taken["image"], taken["read"], taken["artifact"]) == (1.5, 1.0, 0.5)


def _found(ours_s: float, backup_s: float) -> Found:
    found = Found([6.0], [4.0])
    for name, taken in found.parts_s.items():
        taken.append({"image": ours_s - backup_s, "backup": backup_s}.get(name, 0.0))
    found.after_s.append(2.0)
    for used in (found.bare_used, found.ours_used):
        used.programs_s.append(1.5)
        used.engine_s.append(0.25)
    return found


@pytest.mark.parametrize(
    ("ours_s", "words"),
    [
        (16.5, "backup's own time. Reached: 1.15 times."),
        (17.0, "backup's own time. Missed: 1.20 times."),
    ],
)
def test_the_backup_is_no_part_of_what_is_judged(ours_s: float, words: str) -> None:
    text = page(_found(ours_s, 5.0), "20.10")
    assert words in text
    assert ("It takes 2.0 s longer" in text) == ("Missed" in words)
    assert "| hotelctl | 1.50 (1.50 to 1.50) | 0.25 (0.25 to 0.25) |" in text


def test_seconds_of_the_processor_are_those_of_programs_that_ended_meanwhile() -> None:
    used = Used()
    with used.measuring():
        subprocess.run([sys.executable, "-c", "sum(range(3_000_000))"], check=True)
    assert 0 < used.programs_s[0] < 30
    assert len(used.engine_s) == 1


@pytest.mark.system
@pytest.mark.engine
def test_it_really_measures_both(engine: "DockerClient", tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    code = docker_overhead.main(["--rounds", "1", "--page", str(file)])
    text = file.read_text()
    assert ("Missed" in text) == bool(code)
    for part in ("image", "read", "prove", "stage"):
        assert f"| {part} | " in text
    assert not engine.containers.list(all=True, filters={"name": "bare-site"})
    assert not [tag for one in engine.images.list() for tag in one.tags if tag.startswith("bare-site")]
