"""What to do where a check could not judge."""

import pytest

from hotelctl.render.remedy import Asked, remedy

HERE = Asked("validate", "local")


@pytest.mark.parametrize(
    ("reason", "how"),
    [
        ("not asked, because of --offline: x.example is not this machine", "{asks}, without --offline"),
        ("the time limit was used up before it could begin", "{asks}, without --timeout"),
        (
            "hadolint is not installed, or may not be executed",
            "hotelctl doctor says how to get it; then {asks}",
        ),
        (
            "pip-audit could look nothing up: ConnectionError",
            "reach that host from here, by HTTPS_PROXY where one is needed; then {asks}",
        ),
        (
            "the candidate does not run in a sandbox: not ready in time (connection refused)",
            "{asks} --jobs 1 --verbose, with nothing else beside it, shows what it said at its start",
        ),
        (
            "the tests were killed at their limit of 60 s",
            "{asks} --jobs 1, with nothing else beside it",
        ),
        (
            "there is no artifact to install: the build failed",
            "hotelctl validate --only BLD003,BLD006 --verbose: mend what it shows; then {asks}",
        ),
        (
            "the migrations do not run from empty: 2.sql",
            "hotelctl validate --only DB006 --verbose: mend what it shows; then {asks}",
        ),
        ("hotelctl.toml: has no [run] and so on", "set [run] and in hotelctl.toml; where there is no such"),
        ("coverage.xml is not there: make coverage leaves it", ""),
        ("the clone is shallow: git fetch --unshallow", ""),
        ("big.bin: is kept by Git LFS and not here: git lfs fetch --all", ""),
        ("nobody knows", "{asks} --verbose shows what was tried; hotelctl explain TST001"),
    ],
)
def test_each_reason_has_a_command(reason: str, how: str) -> None:
    asks = "hotelctl validate --only TST001,TST002"
    said = remedy(("TST001", "TST002"), reason, HERE)
    assert said.startswith(how.format(asks=asks))
    assert bool(said) is bool(how)


def test_the_command_is_the_one_that_asked() -> None:
    elsewhere = remedy(("TST001",), "nobody knows", Asked("validate", "staging"))
    assert elsewhere.startswith("hotelctl validate --env staging --only TST001 --verbose")
    assert remedy(("OPS005",), "nobody knows", Asked("verify", "local")).startswith(
        "hotelctl verify --verbose"
    )


def test_what_shows_the_build_is_not_sent_to_the_build() -> None:
    said = remedy(("BLD003",), "there is no artifact: the build failed", HERE)
    assert said.startswith("hotelctl validate --only BLD003 --verbose shows")
