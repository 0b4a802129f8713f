import pytest
from packaging.version import Version

from hotelctl.core.errors import Unavailable
from hotelctl.facts.lock import read_lock

_TEXT = """# made by a tool
--index-url=https://example.org/simple
rich==15.0.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:cc
Psycopg[binary]==3.3.9    # via town
odd @ https://example.org/odd.whl#sha256=00
"""


def test_every_pin_has_its_version_marker_and_line() -> None:
    lock = read_lock("lock.txt", _TEXT.encode())
    assert {name: [(str(p.version), p.line) for p in pins] for name, pins in lock.pins.items()} == {
        "rich": [("15.0.0", 3)],
        "colorama": [("0.4.6", 6)],
        "psycopg": [("3.3.9", 8)],
        "odd": [("None", 9)],
    }


def test_what_is_installed_here_leaves_out_other_machines() -> None:
    here = read_lock("lock.txt", _TEXT.encode()).here()
    assert here == {"rich": Version("15.0.0"), "psycopg": Version("3.3.9"), "odd": None}


@pytest.mark.parametrize("text", ["a\n", "a>=1\n", "a==1.*\n", "-r other.txt\n", "-e .\n", "a==one\n", "(\n"])
def test_what_names_no_single_version_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(Unavailable, match=r"lock\.txt:2: .* names no single version"):
        read_lock("lock.txt", f"b==1\n{text}".encode())


def test_what_is_no_text_is_refused_and_an_empty_list_is_none() -> None:
    with pytest.raises(Unavailable, match="is not UTF-8"):
        read_lock("lock.txt", b"\xff")
    assert read_lock("lock.txt", b"# nothing is needed\n").pins == {}


def test_an_address_with_a_password_is_not_repeated() -> None:
    with pytest.raises(Unavailable) as caught:
        read_lock("lock.txt", b"-e git+https://me:hunter2@example.org/a\n")
    assert "hunter2" not in caught.value.reason
