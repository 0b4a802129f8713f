from pathlib import Path

import pytest

from hotelctl.adapters import postgres_tools
from hotelctl.adapters.postgres_tools import compression, for_server, wheel_directory
from hotelctl.core.dumped import Packing
from hotelctl.core.errors import Unavailable, UsageError


def _client(place: Path, version: str) -> Path:
    place.mkdir()
    for name in ("pg_dump", "pg_restore"):
        (place / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n")
        (place / name).chmod(0o755)
    return place


def test_the_oldest_tools_that_are_not_older_than_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = _client(tmp_path / "bin", "17.2 (Debian 17.2-1)")
    monkeypatch.setenv("PATH", f"{place}:/usr/bin:/bin")
    assert (for_server(17).directory, for_server(17).major) == (place, 17)
    assert for_server(18).directory == wheel_directory(18)
    assert for_server(15).directory == wheel_directory(16)


def test_a_server_newer_than_all_tools_is_named_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(_client(tmp_path / "bin", "9.6.1")))
    with pytest.raises(Unavailable, match="postgresql-client-99"):
        for_server(99)


def test_without_the_wheel_there_is_only_the_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(postgres_tools, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert wheel_directory() is None
    with pytest.raises(Unavailable, match="extra 'embedded'"):
        for_server(16)


def _says(client: Path, complaint: str) -> Path:
    program = client / "pg_dump"
    program.write_text(f"{program.read_text()}echo 'pg_dump: error: {complaint}' >&2\n")
    return client


_WITHOUT = "invalid compression specification: this build does not support compression with ZSTD"
_WITH = 'could not create directory "/dev/null/none": Not a directory'


@pytest.mark.parametrize(
    ("complaint", "name", "words"),
    [(_WITH, "zstd", ("--compress=zstd:3",)), (_WITHOUT, "gzip", ("--compress=gzip:1",))],
)
def test_zstd_is_used_where_the_program_was_built_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, complaint: str, name: str, words: tuple[str, ...]
) -> None:
    monkeypatch.setattr(postgres_tools, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", f"{_says(_client(tmp_path / 'bin', '17.2'), complaint)}:/usr/bin:/bin")
    chosen = compression(for_server(17))
    assert (chosen.name, chosen.words) == (name, words)


def test_what_another_program_here_could_not_read_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{_says(_client(tmp_path / 'bin', '17.2'), _WITH)}:/usr/bin:/bin")
    assert for_server(17).directory == tmp_path / "bin"
    assert wheel_directory(18) is not None
    assert compression(for_server(17)).name == "gzip"


@pytest.mark.parametrize(
    ("version", "wanted", "words"),
    [
        ("17.2", Packing("zstd"), ("--compress=zstd:3",)),
        ("17.2", Packing("zstd", 9), ("--compress=zstd:9",)),
        ("17.2", Packing("gzip"), ("--compress=gzip:1",)),
        ("17.2", Packing("gzip", 9), ("--compress=gzip:9",)),
        ("15.9", Packing("gzip", 9), ("--compress=9",)),
    ],
    ids=str,
)
def test_what_is_wanted_is_said_as_that_pg_dump_knows_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    version: str,
    wanted: Packing,
    words: tuple[str, ...],
) -> None:
    monkeypatch.setattr(postgres_tools, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", f"{_says(_client(tmp_path / 'bin', version), _WITH)}:/usr/bin:/bin")
    chosen = compression(for_server(15), wanted)
    assert (chosen.name, chosen.words) == (wanted.method, words)
    assert chosen.level == (wanted.level or {"zstd": 3, "gzip": 1}[chosen.name])


def test_zstd_is_refused_where_a_program_was_built_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_tools, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", f"{_says(_client(tmp_path / 'bin', '17.2'), _WITHOUT)}:/usr/bin:/bin")
    with pytest.raises(UsageError, match=r"bin/pg_dump was built without zstd") as refused:
        compression(for_server(17), Packing("zstd"))
    assert refused.value.hint.startswith("take gzip")
