import pytest

from hotelctl.facts.lock_file import is_lock_file


@pytest.mark.parametrize(
    "path",
    [
        "Podfile.lock",
        "web/package-lock.json",
        "pnpm-lock.yaml",
        "a.zip!go.sum",
        "dist/SHA256SUMS",
        "x/app.sha256",
    ],
)
def test_what_installers_write_holds_digests(path: str) -> None:
    assert is_lock_file(path)


@pytest.mark.parametrize(
    "path", ["lock.py", "src/lock/config.json", "sums.txt", "locksmith.yaml", "keys.json"]
)
def test_other_files_do_not(path: str) -> None:
    assert not is_lock_file(path)
