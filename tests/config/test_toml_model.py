from pathlib import Path

import pytest

from hotelctl.config.table import Table
from hotelctl.config.toml_model import decoded, model, read_text, tables
from hotelctl.core.errors import UsageError


class Pair(Table):
    left: int
    right: int = 0


def refused(text: str) -> UsageError:
    with pytest.raises(UsageError) as error:
        model(Pair, tables(text, "pair.toml"), text, "pair.toml", "left = 1")
    return error.value


def test_what_is_well_made_is_the_model() -> None:
    text = "left = 1\nright = 2\n"
    assert model(Pair, tables(text, "pair.toml"), text, "pair.toml") == Pair(left=1, right=2)


def test_the_first_fault_is_told_with_its_line_and_the_others_as_a_hint() -> None:
    error = refused("\nright = 'x'\nlfet = 1\n")
    assert error.message == "pair.toml:3: unknown key 'lfet'; did you mean 'left'? (and 2 more)"
    assert "left is missing" in error.hint
    assert refused("left = 'x'\n").hint == "left = 1"


def test_what_is_no_toml_or_no_text_is_told_with_its_line(tmp_path: Path) -> None:
    assert refused("left = 1\nright = \n").message.startswith("pair.toml:2: is not TOML: ")
    assert refused("left = " + "[" * 20_000).message == "pair.toml: is nested too deep to be read"
    with pytest.raises(UsageError, match=r"pair\.toml:2: is not UTF-8"):
        decoded(b"a\n\xff", "pair.toml")
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        read_text(tmp_path / "none.toml")
    (tmp_path / "bom.toml").write_bytes(b"\xef\xbb\xbfleft = 1")
    assert read_text(tmp_path / "bom.toml") == "left = 1"
