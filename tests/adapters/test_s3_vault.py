"""Backups in S3, on a server that speaks it, and over ways to it that break."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hotelctl.adapters.reach import Reach
from hotelctl.adapters.s3_vault import Bucket, S3Vault
from hotelctl.core.errors import Damaged, StepFailed, Unavailable, UsageError
from hotelctl.core.moving import Watcher
from tests.fakes.evidence import FakeEvidence
from tests.s3_server import BadWay, client, s3_server

pytestmark = pytest.mark.system
_BUCKET, _PREFIX = "backups", "all/notes/production/"
_SECRET = "s3cr3t-of-the-store"
_LARGE = 20_000_000


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with s3_server(_BUCKET) as url:
        yield url


@pytest.fixture
def way(server: str) -> Iterator[BadWay]:
    made = BadWay(server)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch, server: str) -> Iterator[None]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", _SECRET)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    yield
    asked = client(server)
    for one in _objects(server):
        asked.delete_object(Bucket=_BUCKET, Key=one)


def _objects(url: str) -> list[str]:
    found = client(url).list_objects_v2(Bucket=_BUCKET)
    return sorted(one["Key"] for one in found.get("Contents", ()))


def _vault(url: str, place: Path, *, name: str = _BUCKET, silence_s: float = 30.0) -> S3Vault:
    return S3Vault(Bucket(name, _PREFIX, url, silence_s=silence_s), place / "workspace", FakeEvidence())


def _put(vault: S3Vault, name: str, **files: bytes) -> None:
    with vault.landing(name) as place:
        (place / "dump").mkdir()
        for file, data in files.items():
            (place / "dump" / file).write_bytes(data)


def test_what_is_kept_comes_back_and_goes_and_nothing_of_others_does(server: str, tmp_path: Path) -> None:
    vault, asked = _vault(server, tmp_path), client(server)
    theirs = ["all/notes/production", "all/notes/production2/b1/manifest.json", "all/notes/staging/b1/dump/a"]
    for key in theirs:
        asked.put_object(Bucket=_BUCKET, Key=key, Body=b"theirs")
    assert (vault.names(), vault.mark("b1"), vault.dump_bytes("b1")) == ([], None, 0)
    assert vault.read("b1", "manifest.json") is None
    large = bytes(_LARGE)
    _put(vault, "b1", toc=b"contents", data=large)
    assert vault.names() == ["b1"]
    vault.write("b1", "manifest.json", b"{}")
    assert (vault.read("b1", "manifest.json"), vault.dump_bytes("b1")) == (b"{}", _LARGE + 8)
    with vault.opened("b1") as opened:
        assert {one.name: one.read_bytes() for one in opened.dump.iterdir()} == {
            "toc": b"contents",
            "data": large,
        }
        assert opened.dump.parent.stat().st_mode & 0o077 == 0
        assert opened.mark == vault.mark("b1")
    assert list((tmp_path / "workspace").iterdir()) == []
    asked.put_object(Bucket=_BUCKET, Key=f"{_PREFIX}b1/dump/toc", Body=b"CONTENTS")
    assert vault.mark("b1") != opened.mark
    vault.remove("b1")
    vault.remove("b1")
    assert _objects(server) == theirs


def test_how_much_is_sent_and_fetched_is_told(server: str, tmp_path: Path) -> None:
    said: list[str] = []
    vault, watcher = _vault(server, tmp_path), Watcher(said.append, 0)
    with vault.landing("b1", watcher) as place:
        (place / "dump").mkdir()
        (place / "dump" / "data").write_bytes(bytes(_LARGE))
    assert said[-1].startswith("sent, 20.0 MB of 20.0 MB, ")
    assert said[-1].endswith("/s")
    with vault.opened("b1", watcher):
        assert said[-1].startswith("fetched, 20.0 MB of 20.0 MB, ")


def test_what_dies_at_half_is_no_backup_and_is_cleared_away(server: str, way: BadWay, tmp_path: Path) -> None:
    vault = _vault(way.url, tmp_path)
    way.left = 8_000_000
    with pytest.raises(StepFailed, match=r"b1/dump: does not answer: ") as refused:
        _put(vault, "b1", a=b"small", data=bytes(_LARGE))
    assert refused.value.hint.endswith("what is half sent passes for no backup")
    assert _SECRET not in str(refused.value)
    whole = _vault(server, tmp_path)
    assert whole.read("b1", "manifest.json") is None
    whole.remove("b1")
    assert (whole.names(), _objects(server)) == ([], [])


def test_what_was_never_wholly_sent_is_found_and_cleared_away(server: str, tmp_path: Path) -> None:
    vault, asked = _vault(server, tmp_path), client(server)
    asked.create_multipart_upload(Bucket=_BUCKET, Key=f"{_PREFIX}b1/dump/data")
    asked.create_multipart_upload(Bucket=_BUCKET, Key="all/notes/staging/b2/dump/data")
    assert vault.names() == ["b1"]
    vault.remove("b1")
    assert vault.names() == []
    (left,) = asked.list_multipart_uploads(Bucket=_BUCKET)["Uploads"]
    assert left["Key"].startswith("all/notes/staging/")
    asked.abort_multipart_upload(Bucket=_BUCKET, Key=left["Key"], UploadId=left["UploadId"])


def test_one_that_says_nothing_is_given_up(way: BadWay, tmp_path: Path) -> None:
    way.silent = True
    vault = _vault(way.url, tmp_path, silence_s=0.5)
    with pytest.raises(StepFailed, match=r"notes/production: does not answer: .*[Tt]ime") as refused:
        vault.names()
    assert refused.value.hint.startswith("look at the network and the endpoint")
    way.close()
    with pytest.raises(StepFailed, match="does not answer: "):
        _vault("http://127.0.0.1:1", tmp_path).names()


def test_an_endpoint_that_is_no_address_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match=r"S3 cannot be asked: .*exa_mple\.\.com"):
        _vault("http://exa_mple..com", tmp_path).names()
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://exa_mple..com")
    with pytest.raises(UsageError, match=r"S3 cannot be asked: .*exa_mple\.\.com") as refused:
        S3Vault(Bucket(_BUCKET, _PREFIX), tmp_path, FakeEvidence()).names()
    assert refused.value.hint.startswith("give an endpoint that is an address")


def test_no_bucket_no_credentials_and_no_right_have_each_their_remedy(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(StepFailed, match=r"s3://other/.*there is no such bucket") as refused:
        _vault(server, tmp_path, name="other").names()
    assert refused.value.hint.startswith("make it, or name another one")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    with pytest.raises(StepFailed, match="no credentials are found") as refused:
        _vault(server, tmp_path).names()
    assert "AWS_PROFILE" in refused.value.hint


def test_only_this_machine_is_asked_where_no_other_may_be(server: str, tmp_path: Path) -> None:
    offline = Reach(offline=True)
    for endpoint, host in ((None, "s3.amazonaws.com"), ("https://s3.example.com", "s3.example.com")):
        vault = S3Vault(Bucket(_BUCKET, _PREFIX, endpoint), tmp_path, FakeEvidence(), offline)
        with pytest.raises(Unavailable, match=f"{host} is not this machine"):
            vault.names()
    assert S3Vault(Bucket(_BUCKET, _PREFIX, server), tmp_path, FakeEvidence(), offline).names() == []


def test_a_name_that_leads_elsewhere_is_never_written(server: str, tmp_path: Path) -> None:
    vault, asked = _vault(server, tmp_path), client(server)
    asked.put_object(Bucket=_BUCKET, Key=f"{_PREFIX}b1/dump/../../x", Body=b"x")
    with pytest.raises(Damaged, match="does not belong there"), vault.opened("b1"):
        pass
    for name in ("", "a/b"):
        with pytest.raises(ValueError, match="names no backup"):
            vault.remove(name)


def test_what_does_not_fit_on_the_disk_is_not_begun(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = _vault(server, tmp_path)
    _put(vault, "b1", data=b"12345")
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 4}))
    with pytest.raises(StepFailed, match="has 5 bytes, and the disk has room for 4"), vault.opened("b1"):
        pass


def test_without_the_library_it_is_told_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotelctl.adapters.s3_vault.find_spec", lambda _: None)
    with pytest.raises(UsageError, match="the library for it is missing") as refused:
        _vault("http://127.0.0.1:1", tmp_path).names()
    assert refused.value.hint == "install hotelctl with its extra 's3'"
