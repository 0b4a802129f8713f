"""Variables that a container reads from a file."""

import os
import subprocess
from pathlib import Path

import pytest

from hotelctl.deploy.targets.contained_env import is_word, keep, sourced

VALUES = {
    "PLAIN": "1",
    "ODD": "a 'b' \"c\" $HOME `id` \\ #x é\n second line",
    "EMPTY": "",
    "_lower9": "x",
    "BYTES": "caf\udce9",
}


def test_a_shell_reads_each_value_as_it_is_and_becomes_the_service(tmp_path: Path) -> None:
    bind = keep(tmp_path, VALUES)
    service = ("/bin/sh", "-c", 'printf "%s|" "$0" "$@" "$PLAIN" "$ODD"; env', "zero", "one two")
    argv = [word.replace(bind.place, f"'{bind.source}'") for word in sourced(service)]
    ended = subprocess.run(argv, capture_output=True, check=True, env={"PATH": "/bin:/usr/bin"})
    said = os.fsdecode(ended.stdout)
    assert said.startswith(f"zero|one two|1|{VALUES['ODD']}|")
    assert "EMPTY=\n" in said
    assert "_lower9=x\n" in said
    assert b"BYTES=caf\xe9\n" in ended.stdout, "bytes that are no UTF-8 are what they were"


def test_its_owner_alone_gets_to_the_file_and_any_user_of_the_container_reads_it(tmp_path: Path) -> None:
    file = Path(keep(tmp_path, VALUES).source)
    assert file.stat().st_mode & 0o777 == 0o444
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert keep(tmp_path, {"A": "2"}).source == str(file)
    assert file.read_text() == "A=2\n"


@pytest.mark.parametrize("name", ["with-dash", "9", "a.b", "", "UID", "OPTIND"])
def test_what_no_shell_can_hold_is_not_in_the_file(tmp_path: Path, name: str) -> None:
    assert not is_word(name)
    assert Path(keep(tmp_path, {name: "secret"}).source).read_text() == ""
