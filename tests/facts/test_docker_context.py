import json
from pathlib import Path
from typing import Any

import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.facts.docker_context import private_files, private_kind, read_ignore

TABLE = json.loads((Path(__file__).parents[1] / "data" / "dockerignore.json").read_text())


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: " ".join(case["patterns"]))
def test_what_is_sent_is_what_the_engines_client_sends(case: dict[str, Any]) -> None:
    rules = read_ignore(".dockerignore", "\n".join(case["patterns"]).encode())
    kept_out = [name for name in TABLE["files"] if not rules.sent(name) and name != "Dockerfile"]
    assert sorted(kept_out) == case["kept_out"]


def test_without_an_ignore_file_everything_is_sent() -> None:
    assert read_ignore(None).sent(".env")


def test_a_directory_is_entered_only_if_something_in_it_may_be_sent() -> None:
    rules = read_ignore(".dockerignore", b"a\nb\n!b/c\n")
    assert [rules.may_hold_sent(name) for name in ("a", "b", "d")] == [False, True, True]


@pytest.mark.parametrize("data", [b"\xff\xfe", b"a[\n", b"!\n"])
def test_a_broken_ignore_file_is_named(data: bytes) -> None:
    with pytest.raises(Unavailable, match=r"^\.dockerignore: "):
        read_ignore(".dockerignore", data)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (".env", "an env file"),
        ("a/.env.production", "an env file"),
        (".env.example", None),
        (".git", "the git history"),
        ("a/id_ed25519", "a key"),
        ("a/id_ed25519.pub", None),
        ("tls/server.key", "a key"),
        ("tls/privkey.pem", "a key"),
        ("tls/fullchain.pem", None),
        ("tls/ca-bundle.pem", None),
        (".npmrc", "a key"),
        ("src/key.py", None),
    ],
)
def test_what_is_private(name: str, kind: str | None) -> None:
    assert private_kind(name) == kind


def test_a_declared_file_counts_before_it_is_there_and_once() -> None:
    rules = read_ignore(None)
    found = private_files([".env", "app.py"], [".env", ".env.local"], rules)
    assert [(one.name, one.is_there) for one in found] == [(".env", True), (".env.local", False)]


def test_a_pattern_longer_than_a_path_is_not_read() -> None:
    with pytest.raises(Unavailable, match=r"^\.dockerignore:2: is longer than a path may be"):
        read_ignore(".dockerignore", b"a\n" + b"a*" * 3_000)
