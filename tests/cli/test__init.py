"""`hotelctl init` on small projects of several shapes."""

from pathlib import Path

import pytest

from hotelctl.cli import init
from hotelctl.cli._contract import contract_of
from hotelctl.cli._init import drafts, printed, told, wrote
from hotelctl.cli._options import TextOrJson
from hotelctl.cli._wiring import Asked, configure
from hotelctl.core.errors import UsageError
from tests.services.shapes import EMPTY, EXPRESS, FASTAPI, SHAPES, TWO_PARTS, Files, checked_out, laid_out

ASKED = Asked(None, "local")


def here(root: Path, files: Files, patch: pytest.MonkeyPatch) -> Path:
    patch.chdir(laid_out(root, files))
    return root


@pytest.mark.parametrize("files", SHAPES.values(), ids=SHAPES)
def test_what_is_written_is_what_every_command_reads(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = here(tmp_path, files, monkeypatch)
    made = drafts()
    rows = wrote(made, force=False)
    assert rows.raw["written"] == list(made.texts)
    assert {name: (root / name).read_text() for name in made.texts} == made.texts
    found = configure(ASKED)
    assert found.written
    if "env.toml" in made.texts:
        assert contract_of(found).keys


def test_a_service_file_that_is_there_is_never_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = here(tmp_path, {**FASTAPI, "hotelctl.toml": "mine"}, monkeypatch)
    with pytest.raises(UsageError, match=r"^hotelctl\.toml is there already$") as refused:
        wrote(drafts(), force=False)
    assert "--force" in refused.value.hint
    assert (root / "hotelctl.toml").read_text() == "mine"
    assert not (root / "env.toml").exists()
    wrote(drafts(), force=True)
    assert configure(ASKED).spec.service.name == "guest-book"


def test_tables_in_pyproject_are_a_service_file_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here(tmp_path, {"pyproject.toml": '[tool.hotelctl]\nschema = "x"\n'}, monkeypatch)
    with pytest.raises(UsageError, match=r"^pyproject\.toml is there already$"):
        wrote(drafts(), force=False)


def test_a_contract_that_is_there_stays_and_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = 'schema = "hotelctl.env/1"\n[keys.MINE]\ndocs = "Mine."\n'
    root = here(tmp_path, {**FASTAPI, "env.toml": own}, monkeypatch)
    rows = wrote(drafts(), force=True)
    assert (rows.raw["kept"], rows.raw["written"]) == ("env.toml", ["hotelctl.toml"])
    assert (root / "env.toml").read_text() == own
    assert list(contract_of(configure(ASKED)).keys) == ["MINE"]


def test_a_broken_contract_is_refused_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here(tmp_path, {**FASTAPI, "env.toml": 'schema = "hotelctl.env/1"\n[keys.A]\nno = 1\n'}, monkeypatch)
    with pytest.raises(UsageError, match=r"^env\.toml:3: unknown field .A\.no"):
        drafts()


def test_somebody_elses_env_toml_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = here(tmp_path, {**FASTAPI, "env.toml": "[their]\nfile = 1\n"}, monkeypatch)
    wrote(drafts(), force=False)
    assert (root / "env.toml").read_text() == "[their]\nfile = 1\n"
    assert configure(ASKED).spec.env.contract == "hotelctl-env.toml"
    (root / "hotelctl-env.toml").write_text("theirs too")
    with pytest.raises(UsageError, match="are there and are no env contracts"):
        drafts()


def test_a_dry_run_prints_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = here(tmp_path, {**EXPRESS, "hotelctl.toml": "mine"}, monkeypatch)
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    init.init(dry_run=True)
    assert capsys.readouterr().out == printed(drafts())
    init.init(dry_run=True, form=TextOrJson.JSON)
    assert '"written": []' in capsys.readouterr().out
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_it_says_what_was_found_and_what_was_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here(tmp_path, EXPRESS, monkeypatch)
    init.init()
    said = capsys.readouterr().out
    for words in ("rooms-api", "sql, 2 files", "not found", "Dockerfiles", "wrote", "env.toml", "next"):
        assert words in said


def test_a_project_without_variables_gets_no_contract(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here(tmp_path, EMPTY, monkeypatch)
    rows = wrote(drafts(), force=False)
    assert rows.raw["written"] == ["hotelctl.toml"]
    assert configure(ASKED).spec.env.contract is None


def test_a_link_to_nowhere_in_the_contracts_place_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = here(tmp_path, FASTAPI, monkeypatch)
    (root / "env.toml").symlink_to("nowhere")
    assert list(drafts().texts) == ["hotelctl-env.toml", "hotelctl.toml"]
    assert list(told(drafts(), ()).raw["files"]) == ["hotelctl-env.toml", "hotelctl.toml"]


def test_in_a_part_of_a_repository_it_writes_for_that_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = checked_out(tmp_path, {**TWO_PARTS, "hotelctl.toml": "theirs"})
    monkeypatch.chdir(root / "frontend" / "src")
    rows = wrote(drafts(), force=False)
    assert (root / "hotelctl.toml").read_text() == "theirs"
    assert 'name = "front"' in (root / "frontend" / "hotelctl.toml").read_text()
    assert [row["value"] for row in rows.shown if row["what"] == "wrote"] == [
        "../env.toml",
        "../hotelctl.toml",
    ]
    assert configure(ASKED).project == root / "frontend"
