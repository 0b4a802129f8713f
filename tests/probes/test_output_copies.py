from collections.abc import Sequence
from pathlib import Path

import pytest

from hotelctl.core.errors import NotApplicable
from hotelctl.facts.output_copies import OutputCopies
from hotelctl.facts.secret_copies import SecretValues
from hotelctl.probes.output_copies import output_copies
from tests.probes.worlds import World

_CONTRACT = 'schema = "hotelctl.env/1"\n[keys.LOGIN]\ndocs = "x"\nsecret = true\n'
_ONE = "kX9vv7qLw2pQ"
_HERE = ".hotelctl/local"


def _found(world: World) -> OutputCopies:
    found: OutputCopies = world.fact(OutputCopies)
    return found


def _world(**env: str) -> World:
    world = World()
    world.write("env.toml", _CONTRACT)
    world.write(".env.local", "".join(f"{name}={value}\n" for name, value in env.items()))
    return world


@pytest.mark.parametrize(
    "path",
    [
        "reports/20260301/report.md",
        "reports/20260301/evidence/ev-0001.txt",
        f"{_HERE}/deploys/d1/journal.jsonl",
        f"{_HERE}/deploys/d1/release.log",
        f"{_HERE}/releases/r1/log/service.log",
        f"{_HERE}/edge/access.log",
        f"{_HERE}/supervisor/log",
    ],
)
def test_what_is_written_to_be_read_is_searched(path: str) -> None:
    world = _world(LOGIN=_ONE)
    world.write(path, f"begin\nsent {_ONE} on\n")
    (one,) = _found(world).copies
    assert (one.path, one.line, one.names, one.encoded) == (path, 2, ("LOGIN of .env.local",), False)
    assert _ONE not in one.mark


@pytest.mark.parametrize(
    "path",
    [
        f"{_HERE}/releases/r1/env.json",
        f"{_HERE}/releases/r1/venv/lib/x.py",
        f"{_HERE}/secrets/role",
        f"{_HERE}/keyring/a.pem",
        f"{_HERE}/backups/b1/dump/toc.dat",
        f"{_HERE}/postgres/data/base/1",
        f"{_HERE}/deploys/d1/carry.json",
        f"{_HERE}/scratch/1a/pgdata/base/1",
        f"{_HERE}/workspace/source/x.py",
        f"{_HERE}/supervisor/units/r1.json",
        ".hotelctl/other/edge/access.log",
        "notes.md",
    ],
)
def test_where_secrets_belong_and_what_others_own_is_left_alone(path: str) -> None:
    world = _world(LOGIN=_ONE)
    world.write(path, _ONE)
    world.write("reports/1/report.md", "nothing")
    assert (_found(world).copies, _found(world).files, _found(world).values) == ((), 1, 1)


def test_many_files_are_all_searched_and_one_that_is_too_large_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("hotelctl.probes.few_at_a_time._SMALL_BYTES", 100)
    monkeypatch.setattr("hotelctl.probes.few_at_a_time._LARGEST_BYTES", 1000)
    world = _world(LOGIN=_ONE)
    for number in range(450):
        world.write(f"reports/1/evidence/{number:04}.txt", f"{_ONE}" if number % 200 == 199 else "good")
    world.write("reports/1/report.html", "x" * 1001)
    found = _found(world)
    assert [one.path[-8:] for one in found.copies] == ["0199.txt", "0399.txt"]
    assert found.files == 451
    assert list(found.doubts) == ["reports/1/report.html"]


def test_without_a_value_to_look_for_there_is_no_question() -> None:
    world = _world(LOGIN="short")
    with pytest.raises(NotApplicable, match="too short or too common, see ENV012"):
        raise world.had(OutputCopies).trouble or AssertionError


def test_a_large_file_is_read_apart_from_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hotelctl.probes.few_at_a_time._SMALL_BYTES", 20)
    world = _world(LOGIN=_ONE)
    world.write("reports/1/large.txt", "x" * 1000 + _ONE)
    world.write("reports/1/small.txt", _ONE)
    found = _found(world)
    assert [one.path[-9:] for one in found.copies] == ["small.txt", "large.txt"]
    assert found.doubts == {}


def test_more_files_than_are_looked_at_are_a_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hotelctl.probes.output_copies._MOST_FILES", 2)
    world = _world(LOGIN=_ONE)
    for number in range(2):
        world.write(f"reports/1/{number}.txt", "good")
    assert _found(world).doubts == {}
    world.write("reports/1/2.txt", "good")
    assert _found(world).doubts == {"reports": "holds more than 2 files"}


@pytest.mark.parametrize("path", ["reports/1/artifact/a.txt", "reports/storage/b.md", "reports/env.json"])
def test_in_reports_no_place_is_left_out(path: str) -> None:
    world = _world(LOGIN=_ONE)
    world.write(path, _ONE)
    assert [one.path for one in _found(world).copies] == [path]


def test_what_is_compressed_or_a_link_is_a_doubt_and_the_newest_reports_link_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world, log = _world(LOGIN=_ONE), f"{_HERE}/releases/r1/log"
    links = {"reports/latest", log}
    for path in ("reports/1/log.gz", *links):
        world.write(path, "x")

    def contents(_root: Path, names: Sequence[str], _limit: int) -> dict[str, bytes | str]:
        return {name: "is a link" if name in links else b"x" for name in names}

    secrets = world.fact(SecretValues)
    monkeypatch.setattr(world.files, "contents", contents)
    found = output_copies(world.context(), secrets)
    assert found.doubts == {"reports/1/log.gz": "is compressed", log: "is a link"}
