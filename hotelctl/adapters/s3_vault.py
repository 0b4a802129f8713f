"""Backups in S3, or in what speaks its protocol: one environment's objects below a prefix of its own."""

import hashlib
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from hotelctl.adapters.disk import make_directories, writing
from hotelctl.adapters.reach import ANYWHERE, Reach
from hotelctl.adapters.s3_refusal import talking
from hotelctl.core.errors import Damaged, StepFailed, UsageError
from hotelctl.core.moving import Unit, Watcher, moved
from hotelctl.core.ports import EvidenceLog
from hotelctl.core.vault import MANIFEST, Opened

_INSTALL = "install hotelctl with its extra 's3'"
_ENDPOINT = "give an endpoint that is an address, here or in the AWS settings of this machine"
_AWS = "s3.amazonaws.com"
_DUMP = "dump/"
_FILES_AT_ONCE, _PARTS_AT_ONCE = 4, 2
_PART_BYTES = 16_000_000
_CONNECT_S, _TRIES = 10, 3
_BATCH = 1000
_OTHER_SIZES = "run it again; what is half sent passes for no backup"


@dataclass(frozen=True, slots=True)
class Bucket:
    """`prefix` is the environment's own and ends with a slash; without an `endpoint` it is Amazon's.

    A server that says nothing for `silence_s` seconds is given up, after some tries.
    """

    name: str
    prefix: str
    endpoint: str | None = None
    region: str | None = None
    silence_s: float = 60.0


@dataclass(frozen=True, slots=True)
class _Object:
    """`name` is relative to the backup."""

    name: str
    size_bytes: int
    etag: str


class S3Vault:
    """Nothing outside of the prefix is listed, read or removed; who may do that says the usual AWS chain."""

    def __init__(
        self, bucket: Bucket, workspace: Path, evidence: EvidenceLog, reach: Reach = ANYWHERE
    ) -> None:
        """Nobody is asked. Dumps that come or go lie below `workspace` as long as it is needed."""
        self._bucket = bucket
        self._workspace = workspace
        self._evidence = evidence
        self._reach = reach

    @property
    def place(self) -> str:
        """The address of the prefix."""
        return f"s3://{self._bucket.name}/{self._bucket.prefix}".rstrip("/")

    def shown(self, name: str, record: str) -> str:
        """The object's address."""
        return f"{self.place}/{name}/{record}"

    def names(self) -> Sequence[str]:
        """Of everything below the prefix, and of what was never wholly sent."""
        start, asked = self._bucket.prefix, {"Bucket": self._bucket.name, "Prefix": self._bucket.prefix}
        with self._asking("list") as client:
            pages = client.get_paginator("list_objects_v2").paginate(**asked, Delimiter="/")
            found = {one["Prefix"] for page in pages for one in page.get("CommonPrefixes", ())}
            found |= {one["Key"] for one in self._unsent(client, start)}
        below = (key.removeprefix(start) for key in found)
        return sorted({key.partition("/")[0] for key in below if "/" in key})

    def read(self, name: str, record: str) -> bytes | None:
        """The object, where it is there."""
        from botocore.exceptions import ClientError  # noqa: PLC0415 - an extra, loaded where it is used

        with self._asking("get", name, record) as client:
            try:
                got = client.get_object(Bucket=self._bucket.name, Key=self._key(name, record))
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") == "NoSuchKey":
                    return None
                raise
            data: bytes = got["Body"].read()
            return data

    def write(self, name: str, record: str, data: bytes) -> None:
        """S3 itself shows an object whole or not at all."""
        with self._asking("put", name, record) as client:
            client.put_object(Bucket=self._bucket.name, Key=self._key(name, record), Body=data)

    def forget(self, name: str, record: str) -> None:
        """The object is gone."""
        with self._asking("delete", name, record) as client:
            client.delete_object(Bucket=self._bucket.name, Key=self._key(name, record))

    def dump_bytes(self, name: str) -> int:
        """As the server lists them."""
        return sum(one.size_bytes for one in self._dump(name))

    def mark(self, name: str) -> str | None:
        """Made of the server's own marks: it gives each object that is put there a new one."""
        found = self._dump(name)
        return _mark(found) if found else None

    @contextmanager
    def landing(self, name: str, watcher: Watcher | None = None) -> Iterator[Path]:
        """A directory of the workspace; its dump is sent when the block ends well."""
        with self._room() as room:
            yield room
            self._send(name, room / "dump", watcher)

    @contextmanager
    def opened(self, name: str, watcher: Watcher | None = None) -> Iterator[Opened]:
        """The dump as it was fetched now, all of it. Raises `Damaged` for what cannot be a part of one."""
        found = self._dump(name)
        with self._room() as room:
            (room / "dump").mkdir()
            self._fetch(name, found, room / "dump", watcher)
            yield Opened(room / "dump", _mark(found))

    def remove(self, name: str) -> None:
        """The manifest first, then all objects of it, and what was never wholly sent of them."""
        self.forget(name, MANIFEST)
        start = self._key(name, "")
        with self._asking("delete", name) as client:
            keys = [start + one.name for one in self._objects(client, start)]
            for n in range(0, len(keys), _BATCH):
                objects = [{"Key": key} for key in keys[n : n + _BATCH]]
                wish = {"Objects": objects, "Quiet": True}
                answer = client.delete_objects(Bucket=self._bucket.name, Delete=wish)
                for error in answer.get("Errors", ())[:1]:
                    where = f"s3://{self._bucket.name}/{error.get('Key')}"
                    raise StepFailed(
                        f"{where}: cannot be removed: {error.get('Code')}",
                        "the credentials need s3:DeleteObject there",
                    )
            for one in self._unsent(client, start):
                client.abort_multipart_upload(
                    Bucket=self._bucket.name, Key=one["Key"], UploadId=one["UploadId"]
                )

    def _key(self, name: str, below: str) -> str:
        if not name or "/" in name:
            raise ValueError(f"{name!r} names no backup")
        return f"{self._bucket.prefix}{name}/{below}"

    def _dump(self, name: str) -> tuple[_Object, ...]:
        with self._asking("list", name) as client:
            return tuple(self._objects(client, self._key(name, _DUMP)))

    def _objects(self, client: Any, start: str) -> Iterator[_Object]:  # noqa: ANN401 - boto3 has no types
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket.name, Prefix=start)
        for page in pages:
            for one in page.get("Contents", ()):
                yield _Object(one["Key"].removeprefix(start), one["Size"], one["ETag"])

    def _unsent(self, client: Any, start: str) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - same
        asked = client.get_paginator("list_multipart_uploads")
        for page in asked.paginate(Bucket=self._bucket.name, Prefix=start):
            yield from (one for one in page.get("Uploads", ()) if one["Key"].startswith(start))

    def _send(self, name: str, dump: Path, watcher: Watcher | None) -> None:
        sizes = {path.name: path.stat().st_size for path in sorted(dump.iterdir())}
        told = _Told("sent", sum(sizes.values()), watcher)
        with self._asking("put", name, _DUMP, files=len(sizes), bytes=told.total) as client:

            def send(file: str) -> None:
                key = self._key(name, _DUMP + file)
                client.upload_file(
                    str(dump / file), self._bucket.name, key, Callback=told.more, Config=_parts()
                )

            _abreast(send, sizes)
        found = {one.name: one.size_bytes for one in self._dump(name)}
        if found != sizes:
            wrong = next(file for file in sorted({*found, *sizes}) if found.get(file) != sizes.get(file))
            said = f"{self.shown(name, _DUMP)}{wrong}: {found.get(wrong, 0)} of {sizes.get(wrong, 0)} bytes"
            raise StepFailed(f"{said} have arrived", _OTHER_SIZES)

    def _fetch(self, name: str, found: Sequence[_Object], place: Path, watcher: Watcher | None) -> None:
        for one in found:
            if "/" in one.name or one.name in ("", ".", ".."):
                raise Damaged(
                    f"backup {name}: {self.shown(name, _DUMP)}{one.name} does not belong there", "remove it"
                )
        told = _Told("fetched", sum(one.size_bytes for one in found), watcher)
        free = shutil.disk_usage(place).free
        if free < told.total:
            raise StepFailed(
                f"{place}: backup {name} has {told.total} bytes, and the disk has room for {free}",
                "make room on that disk, then run it again",
            )
        with self._asking("get", name, _DUMP, files=len(found), bytes=told.total) as client:

            def fetch(file: str) -> None:
                key, target = self._key(name, _DUMP + file), str(place / file)
                with writing(place / file):
                    client.download_file(self._bucket.name, key, target, Callback=told.more, Config=_parts())

            _abreast(fetch, [one.name for one in found])

    @contextmanager
    def _room(self) -> Iterator[Path]:
        """A directory of this user alone; what a killed command left in the workspace the next one clears."""
        make_directories(self._workspace, 0o700)
        with tempfile.TemporaryDirectory(prefix="backup-", dir=self._workspace) as directory:
            yield Path(directory)

    @contextmanager
    def _asking(self, operation: str, name: str = "", record: str = "", **more: int) -> Iterator[Any]:
        """The client; how it ended is evidence. Raises `StepFailed`, and `Unavailable` out of reach."""
        endpoint = self._bucket.endpoint
        self._reach.require((urlsplit(endpoint).hostname or endpoint) if endpoint else _AWS)
        if find_spec("boto3") is None:
            raise UsageError("backups are kept in S3 here, and the library for it is missing", _INSTALL)
        place = self.shown(name, record).rstrip("/") if name else self.place
        ended = "failed"
        try:
            with talking(place):
                yield self._client
            ended = "done"
        finally:
            said = {"operation": operation, "place": place, "endpoint": endpoint or _AWS, "ended": ended}
            self._evidence.record("s3", {**said, **more})

    @cached_property
    def _client(self) -> Any:  # noqa: ANN401 - boto3 has no types
        from boto3.session import Session  # noqa: PLC0415 - an extra, loaded where it is used
        from botocore.config import Config  # noqa: PLC0415 - same

        bucket = self._bucket
        # Others than Amazon's may know neither names of buckets as hosts nor its newer checksums.
        other: dict[str, Any] = {
            "s3": {"addressing_style": "path"},
            "request_checksum_calculation": "when_required",
            "response_checksum_validation": "when_required",
        }
        config = Config(
            connect_timeout=_CONNECT_S,
            read_timeout=bucket.silence_s,
            retries={"mode": "standard", "total_max_attempts": _TRIES},
            max_pool_connections=_FILES_AT_ONCE * (_PARTS_AT_ONCE + 1),
            **(other if bucket.endpoint else {}),
        )
        try:
            return Session().client(
                "s3", endpoint_url=bucket.endpoint, region_name=bucket.region, config=config
            )
        except ValueError as error:
            # An endpoint of the machine's own AWS settings has been looked at by nobody yet.
            raise UsageError(f"S3 cannot be asked: {error}", _ENDPOINT) from error


class _Told:
    """Adds up bytes that several threads move, and tells the watcher now and then."""

    def __init__(self, verb: str, total: int, watcher: Watcher | None) -> None:
        self.total = total
        self._verb = verb
        self._watcher = watcher
        self._done = 0
        self._began = self._last = time.monotonic()
        self._guard = threading.Lock()

    def more(self, size_bytes: int) -> None:
        with self._guard:
            self._done += size_bytes
            now = time.monotonic()
            if self._watcher is None or now - self._last < self._watcher.every_s:
                return
            self._last = now
            paced = (self._done, now - self._began)
            self._watcher.tell(moved(self._verb, self._done, self.total, Unit.BYTES, paced))


def _abreast(act: Callable[[str], None], files: Sequence[str] | dict[str, int]) -> None:
    """Some at a time; after one that failed, none of those that wait is begun."""
    pool = ThreadPoolExecutor(_FILES_AT_ONCE)
    try:
        for done in [pool.submit(act, file) for file in files]:
            done.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _parts() -> Any:  # noqa: ANN401 - boto3 has no types
    from boto3.s3.transfer import TransferConfig  # noqa: PLC0415 - an extra, loaded where it is used

    return TransferConfig(
        multipart_threshold=_PART_BYTES, multipart_chunksize=_PART_BYTES, max_concurrency=_PARTS_AT_ONCE
    )


def _mark(found: Sequence[_Object]) -> str:
    lines = (f"{one.name}\0{one.size_bytes}\0{one.etag}\n" for one in sorted(found, key=lambda one: one.name))
    return hashlib.sha256("".join(lines).encode()).hexdigest()
