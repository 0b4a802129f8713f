"""Signing off and verifying through the command itself, with real keys, in a checkout."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import typer

from hotelctl.cli import _signing
from hotelctl.cli._gate import guarded
from hotelctl.cli._shelf import Shelf, read, store, tell_again
from hotelctl.cli.main import app
from hotelctl.core.report import Policy
from hotelctl.facts.signoff import Signoff
from hotelctl.render import json as stored
from hotelctl.render.verify import REPORT
from tests.cli.test__shelf import kept
from tests.render import made
from tests.services.checkout import git, plain_checkout
from tests.services.ssh_keys import made_key, signer_line

pytestmark = pytest.mark.system

Said = Callable[..., tuple[int, str, str]]
ANA, BELA = "ana@example.org", "bela@example.org"


@pytest.fixture
def keys(tmp_path: Path) -> Mapping[str, Path]:
    return {name: made_key(tmp_path, name) for name in ("ana", "bela")}


@pytest.fixture
def place(tmp_path: Path, keys: Mapping[str, Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory of a report about HEAD, in a checkout that lets both sign."""
    root = plain_checkout(tmp_path)
    (root / "allowed_signers").write_text(signer_line(ANA, keys["ana"]) + signer_line(BELA, keys["bela"]))
    monkeypatch.chdir(root)
    about = {**made.GIT, "commit": git(root, "rev-parse", "HEAD")}
    return kept(Shelf(root / "reports"), "a", git=about, outcomes=made.NOTHING_BLOCKS)


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    def run(*words: str) -> tuple[int, str, str]:
        code = guarded(typer.main.get_command(app), ("report", *words))
        out, err = capsys.readouterr()
        return code, out, err

    return run


def approve(said: Said, key: Path, by: str = BELA, role: str = "operations") -> tuple[int, str, str]:
    return said("approve", "a", "--by", by, "--role", role, "--key", str(key))


def test_two_people_sign_and_the_report_stays_whole(
    place: Path, keys: Mapping[str, Path], said: Said
) -> None:
    digest = read(place).digest
    code, out, _ = approve(said, keys["bela"])
    assert (code, out) == (0, f"a is signed off by {BELA} as operations\n{digest}\n")
    assert approve(said, keys["ana"], ANA, "release-manager")[0] == 0
    made_now = read(place)
    assert made_now.digest == digest
    assert [(one.name, one.role) for one in made_now.signoffs] == [
        (BELA, "operations"),
        (ANA, "release-manager"),
    ]
    code, out, _ = said("verify", "a")
    assert code == 0
    assert "2 sign-offs, each signed with the key of an allowed signer" in out
    assert f"| operations | {BELA} |" in (place / "report.md").read_text().replace("\\", "")
    assert f"operations: {BELA}" in (place / "report.html").read_text()


@pytest.mark.parametrize(
    ("outcomes", "required", "words"),
    [
        (made.EVERY_STATUS, (), "says that the release is blocked"),
        (made.NOTHING_BLOCKS, ("DB001",), "says that a required check could not judge"),
    ],
)
def test_nobody_signs_a_report_that_lets_nothing_pass(
    place: Path,
    keys: Mapping[str, Path],
    said: Said,
    outcomes: Mapping[str, made.Outcome],
    required: Sequence[str],
    words: str,
) -> None:
    held_to = Policy(required=frozenset(required))
    bad = kept(Shelf(place.parent), "b", outcomes=outcomes, policy=held_to)
    ended = said("approve", "b", "--by", BELA, "--role", "operations", "--key", str(keys["bela"]))
    unchanged(bad, ended, 1, words, "a sign-off waives nothing", "report show b")


def resigned(place: Path, **changes: str) -> None:
    """Somebody edits the first sign-off and makes the texts anew."""
    plain = read(place)
    part = plain.signoffs[0].model_copy(update=changes)
    edited = plain.model_copy(update={"signoffs": (part,)})
    store(place / REPORT, stored.render(edited).encode())
    tell_again(place, edited)


@pytest.mark.parametrize(
    "changes", [{"role": "security"}, {"name": ANA}, {"at": "2026-03-01T00:00:00Z"}], ids=str
)
def test_a_changed_sign_off_is_not_whole(
    place: Path, keys: Mapping[str, Path], said: Said, changes: dict[str, str]
) -> None:
    approve(said, keys["bela"])
    resigned(place, **changes)
    code, out, _ = said("verify", "a")
    assert code == 1
    assert f"sign-off of {changes.get('name', BELA)}" in out


def test_sign_offs_that_cannot_be_judged_are_unverified(
    place: Path, keys: Mapping[str, Path], said: Said
) -> None:
    approve(said, keys["bela"])
    Path("allowed_signers").unlink()
    code, out, _ = said("verify", "a", "--format", "json")
    answer = json.loads(out)
    assert (code, answer["whole"], answer["problems"]) == (3, False, [])
    assert answer["unjudged"].startswith("allowed_signers is not there")
    assert "could not be judged: allowed_signers is not there" in said("verify", "a")[1]
    (place / "report.md").write_text("spoilt")
    assert said("verify", "a")[0] == 1


def unchanged(place: Path, error: tuple[int, str, str], code: int, *words: str) -> None:
    assert error[0] == code, error
    assert [word for word in words if word not in error[2]] == []
    assert read(place).signoffs == ()


def test_who_may_not_sign_is_refused(place: Path, keys: Mapping[str, Path], said: Said) -> None:
    unchanged(place, approve(said, keys["bela"], role="king"), 2, "--role king", "release-manager")
    unchanged(place, approve(said, keys["bela"], by="*@example.org"), 2, "no name of one signer")
    unchanged(place, approve(said, keys["bela"], by=ANA), 2, f"{ANA} may not sign", "allowed_signers")
    unchanged(place, approve(said, keys["bela"], by="eve"), 2, "eve may not sign")
    unchanged(place, approve(said, keys["bela"].parent / "none"), 2, "there is no such key")
    unchanged(place, said("approve", "a", "--by", BELA), 2, "--role")
    Path("allowed_signers").unlink()
    unchanged(place, approve(said, keys["bela"]), 2, "allowed_signers is not there")


def test_the_author_of_the_commit_is_refused_by_name_and_by_key(
    place: Path, keys: Mapping[str, Path], said: Said
) -> None:
    author = "test@example.org"
    Path("allowed_signers").write_text(signer_line(f"{author},{BELA}", keys["bela"]))
    for name in (author, BELA):
        unchanged(place, approve(said, keys["bela"], name), 2, f"{name} wrote", "somebody else")


def test_one_person_signs_once(place: Path, keys: Mapping[str, Path], said: Said) -> None:
    approve(said, keys["bela"])
    code, _, err = approve(said, keys["bela"], role="security")
    assert code == 2
    assert f"{BELA} signed a off as operations" in err
    assert len(read(place).signoffs) == 1


def test_a_changed_report_is_not_signed(place: Path, keys: Mapping[str, Path], said: Said) -> None:
    (place / REPORT).write_text((place / REPORT).read_text().replace('"local"', '"prod"'))
    unchanged(place, approve(said, keys["bela"]), 1, "is not whole, so it is not signed", "report verify a")


def test_a_report_that_changes_while_it_is_signed_keeps_no_sign_off(
    place: Path, keys: Mapping[str, Path], said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(*args: Any) -> None:  # noqa: ANN401 - as `_require_allowed`
        assert isinstance(args[1], Signoff)
        kept_again = read(place).model_copy(update={"next_steps": ("another",)})
        kept_again = kept_again.model_copy(update={"digest": stored.digest(kept_again)})
        store(place / REPORT, stored.render(kept_again).encode())
        tell_again(place, kept_again)

    monkeypatch.setattr(_signing, "_require_allowed", meanwhile)
    unchanged(place, approve(said, keys["bela"]), 1, "was changed while it was signed")


def test_people_who_sign_at_once_are_all_kept(place: Path, keys: Mapping[str, Path], said: Said) -> None:
    words = ("-m", "hotelctl", "report", "approve", "a", "--role", "operations", "--by")
    pairs = ((ANA, keys["ana"]), (BELA, keys["bela"]))
    running = [
        subprocess.Popen([sys.executable, *words, name, "--key", key], stdout=subprocess.DEVNULL)
        for name, key in pairs
    ]
    assert [process.wait(60) for process in running] == [0, 0]
    assert {one.name for one in read(place).signoffs} == {ANA, BELA}
    assert said("verify", "a")[0] == 0
