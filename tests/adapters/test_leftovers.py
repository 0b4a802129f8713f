from pathlib import Path

from hotelctl.adapters.leftovers import clear_unfinished


def test_what_is_unfinished_is_gone_and_the_rest_stays(tmp_path: Path) -> None:
    (tmp_path / "source.part/inner").mkdir(parents=True)
    (tmp_path / ".manifest.json.k3.part").write_bytes(b"{")
    (tmp_path / "apart").mkdir()
    (tmp_path / "manifest.json").write_bytes(b"{}")
    clear_unfinished(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"apart", "manifest.json"}


def test_an_unfinished_link_goes_and_its_target_stays(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept/file").touch()
    (tmp_path / "link.part").symlink_to(tmp_path / "kept")
    clear_unfinished(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert (tmp_path / "kept/file").exists()


def test_a_missing_directory_holds_nothing(tmp_path: Path) -> None:
    clear_unfinished(tmp_path / "absent")
    assert not (tmp_path / "absent").exists()
