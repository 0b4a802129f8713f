"""`backup` where the environment's backups are kept in S3."""

import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from hotelctl.adapters.chronicle.store import Chronicle
from hotelctl.core.chronicle import Chapter, Deployment
from tests.cli.notes import LATE, Notes, kept_aside, late, notes, server
from tests.s3_server import BadWay, client, s3_server

pytestmark = pytest.mark.database
_BUCKET, _PREFIX = "kept", "ours/plain-notes/local/"
_SECRET = "s3cr3t-of-the-store"


@pytest.fixture(scope="module")
def beside() -> Iterator[str]:
    with server(18) as url:
        yield url


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    with s3_server(_BUCKET) as url:
        yield url


@pytest.fixture
def service(
    beside: str,
    store: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Notes]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", _SECRET)
    with notes(tmp_path, beside, monkeypatch, capsys) as made:
        _kept_at(made, store)
        yield made
    asked = client(store)
    for key in _objects(store):
        asked.delete_object(Bucket=_BUCKET, Key=key)


def _kept_at(service: Notes, endpoint: str, bucket: str = _BUCKET) -> None:
    file = service.root / "hotelctl.toml"
    text = file.read_text().partition("\n[environments.local.backups]")[0]
    said = f'store = "s3://{bucket}/ours"\nendpoint = "{endpoint}"\n'
    file.write_text(f"{text}\n[environments.local.backups]\n{said}")


def _objects(store: str) -> list[str]:
    found = client(store).list_objects_v2(Bucket=_BUCKET)
    return sorted(one["Key"] for one in found.get("Contents", ()))


def _nothing_here(service: Notes) -> None:
    """No part of a dump is left on this machine."""
    assert not list(service.layout.state.rglob("toc.dat"))
    assert not service.layout.backups().exists()


def test_one_is_made_verified_listed_restored_and_pruned_there(service: Notes, store: str) -> None:
    client(store).put_object(Bucket=_BUCKET, Key="ours/plain-notes/production/b1/manifest.json", Body=b"{}")
    name = late(service)
    own = [key.removeprefix(f"{_PREFIX}{name}/") for key in _objects(store) if key.startswith(_PREFIX)]
    assert {"manifest.json", "verified.json", "dump/toc.dat"} < {*own}
    _nothing_here(service)
    (made,) = service.facts("backup", "list")
    assert (made["id"], made["state"], made["rows"]) == (name, "verified", 2300)
    assert service.facts("backup", "verify", "--quiet")["verified_at"] > made["verified_at"]
    service.facts("backup", "restore", name, "--swap", "--accept-data-loss", str(LATE), "--quiet")
    kept_aside(service)
    _nothing_here(service)
    second = service.facts("backup", "list")[0]["id"]
    assert [one["id"] for one in service.facts("backup", "prune", "--keep", "1", "--yes")] == [name]
    assert [one["id"] for one in service.facts("backup", "list")] == [second]
    assert service.facts("backup", "prune", "--older-than", "0", "--yes") == []
    assert "ours/plain-notes/production/b1/manifest.json" in _objects(store)


def _share(service: Notes, url: str) -> None:
    file = service.root / "hotelctl.toml"
    text = file.read_text().partition("\n[environments.local]\n")[0]
    file.write_text(f'{text}\n[environments.local]\nstate_url = "{url}"\n')


def _taken_by_a_deploy(store: str, name: str) -> None:
    """As if it was not made by hand."""
    key, asked = f"{_PREFIX}{name}/manifest.json", client(store)
    said = json.loads(asked.get_object(Bucket=_BUCKET, Key=key)["Body"].read())
    assert said["of_deploy"] is False
    asked.put_object(Bucket=_BUCKET, Key=key, Body=json.dumps({**said, "of_deploy": True}).encode())


def test_after_the_history_was_lost_what_another_machine_may_need_stays(
    service: Notes, store: str, tmp_path: Path
) -> None:
    theirs, by_hand, newest = (service.create() for _ in range(3))
    _taken_by_a_deploy(store, theirs)
    _share(service, f"sqlite:///{tmp_path}/made-anew.db")
    code, out, err = service.run("backup", "prune", "--keep", "1")
    assert (code, theirs in out, by_hand in out) == (0, False, True)
    assert f"backup {theirs} is not tidied away: neither this machine nor the shared history knows" in err
    assert [one["id"] for one in service.facts("backup", "prune", "--keep", "1", "--yes")] == [by_hand]
    assert [one["id"] for one in service.facts("backup", "list")] == [newest, theirs]
    gone = service.facts("backup", "prune", "--keep", "1", "--forgotten", "--yes")
    assert [one["id"] for one in gone] == [theirs]


def test_the_way_back_of_another_machine_stays(service: Notes, tmp_path: Path) -> None:
    theirs, second, newest = (service.create() for _ in range(3))
    history = f"sqlite:///{tmp_path}/shared.db"
    _share(service, history)
    one = Deployment(theirs, "deploy", "succeeded", "", 1.0, "", "", {"host": "laptop", "user": "ana"})
    Chronicle(history, "plain-notes", "local").write([Chapter(one, ("{}",), None, "")], ())
    assert [one["id"] for one in service.facts("backup", "prune", "--keep", "1", "--yes")] == [second]
    assert [one["id"] for one in service.facts("backup", "list")] == [newest, theirs]
    _share(service, "postgresql://ana@127.0.0.1:1/state")
    code, out, err = service.run("backup", "prune", "--keep", "1", "--yes")
    assert (code, out) == (10, "")
    assert "no database server answers at 127.0.0.1:1" in err
    assert len(service.facts("backup", "list")) == 2


def _changed(data: bytes) -> bytes:
    raw = bytearray(data)
    raw[len(raw) // 2] ^= 1
    return bytes(raw)


_DAMAGES: Sequence[tuple[Callable[[bytes], bytes], str]] = (
    (_changed, "has changed"),
    (lambda data: data[:-9], "has changed"),
    (lambda _: gzip.compress(b"\\.\n\n\n"), "has changed"),
)


def test_other_bytes_than_were_sent_are_told_by_their_object(service: Notes, store: str) -> None:
    name, asked = service.create(), client(store)
    sizes = {one["Key"]: one["Size"] for one in asked.list_objects_v2(Bucket=_BUCKET)["Contents"]}
    key = max((key for key in sizes if ".dat." in key), key=sizes.__getitem__)
    whole = asked.get_object(Bucket=_BUCKET, Key=key)["Body"].read()
    for spoil, words in _DAMAGES:
        asked.put_object(Bucket=_BUCKET, Key=key, Body=spoil(whole))
        code, out, err = service.run("backup", "verify", name, "--quiet")
        assert (code, out) == (1, "")
        assert f"{key.rpartition('/')[2]} {words}" in err
        assert service.facts("backup", "list")[0]["state"] != "verified"
    asked.delete_object(Bucket=_BUCKET, Key=key)
    code, _, err = service.run("backup", "verify", name, "--quiet")
    assert (code, f"{key.rpartition('/')[2]} is gone" in err) == (1, True), err
    assert service.facts("backup", "list")[0]["state"] == "damaged"
    asked.put_object(Bucket=_BUCKET, Key=key, Body=whole)
    assert service.facts("backup", "verify", "--quiet")["verified_at"]


def test_the_dump_of_another_database_does_not_pass_for_this_one(service: Notes, store: str) -> None:
    first, asked = service.create(), client(store)
    service.sql("DELETE FROM guests WHERE id > 1990")
    second = service.create()
    manifest = _record(store, first)
    other = _record(store, second)
    for key in _objects(store):
        if key.startswith(f"{_PREFIX}{first}/dump/"):
            asked.delete_object(Bucket=_BUCKET, Key=key)
        if key.startswith(f"{_PREFIX}{second}/dump/"):
            to = key.replace(second, first)
            asked.copy_object(Bucket=_BUCKET, Key=to, CopySource=f"{_BUCKET}/{key}")
    forged = manifest | {one: other[one] for one in ("files", "sha256", "size_bytes")}
    asked.put_object(Bucket=_BUCKET, Key=f"{_PREFIX}{first}/manifest.json", Body=json.dumps(forged).encode())
    code, _, err = service.run("backup", "verify", first, "--quiet")
    assert (code, "public.guests: 2000 rows #" in err, "became 1990 rows" in err) == (1, True, True), err


def _record(store: str, name: str) -> dict[str, Any]:
    got = client(store).get_object(Bucket=_BUCKET, Key=f"{_PREFIX}{name}/manifest.json")
    found: dict[str, Any] = json.loads(got["Body"].read())
    return found


def test_a_store_that_dies_at_half_leaves_nothing_that_is_listed_as_whole(service: Notes, store: str) -> None:
    way = BadWay(store)
    _kept_at(service, way.url)
    way.left = 9_000
    code, out, err = service.run("backup", "create", "--quiet")
    assert (code, out) == (10, ""), err
    assert "/dump: does not answer: " in err
    assert "hint: look at the network and the endpoint, then run it again; what is half sent" in err
    assert _SECRET not in err
    _nothing_here(service)
    code, _, err = service.run("backup", "list")
    assert (code, "nobody can tell which backups there are: s3://kept/ours" in err) == (3, True), err
    way.close()
    _kept_at(service, store)
    assert {one["state"] for one in service.facts("backup", "list")} <= {"unfinished"}
    service.facts("backup", "prune", "--yes")
    assert _objects(store) == []


def test_a_store_that_refuses_is_told_with_its_remedy(service: Notes, store: str) -> None:
    _kept_at(service, store, "no-such-bucket")
    for words, expected in ((("create",), 10), (("list",), 3), (("verify",), 3), (("prune",), 3)):
        code, _, err = service.run("backup", *words)
        assert (code, "there is no such bucket (NoSuchBucket)" in err) == (expected, True), err
        assert "hint: make it, or name another one" in err
    assert service.run("backup", "restore", "b1")[0] == 3
