import pytest

from hotelctl.facts.layer_contents import CONTENTS, hidden_by
from hotelctl.facts.layer_files import Ends, of_the_system
from tests.fakes.layers import asked


@pytest.mark.parametrize(
    ("path", "own"),
    [
        ("usr/share/perl/a.pm", True),
        ("usr/lib/x86_64-linux-gnu/libgnutls.so.30", True),
        ("lib64/ld.so", True),
        ("var/lib/dpkg/status", True),
        ("usr/local/lib/python3.14/test/keycert.pem", True),
        ("usr/local/lib/python3.14/site-packages/app/a.py", False),
        ("usr/local/bin/start", False),
        ("usr/src/app/main.py", False),
        ("library/a.py", False),
        ("etc/app.conf", False),
        ("var/lib/app/a", False),
        ("srv/usr/share/a", False),
    ],
)
def test_what_a_distribution_brings_lies_where_it_keeps_it(path: str, *, own: bool) -> None:
    assert of_the_system(path) is own


def test_a_file_is_hidden_by_a_later_layer_with_all_that_it_holds() -> None:
    ends = Ends(
        asked(CONTENTS, {"a.zip": b"", "ab": b"", "a.zip2": b""}, {".wh.a.zip": b""}, {".wh.a.zip": b""})
    )
    assert ends.gone_in(1, "a.zip") == ends.gone_in(1, "a.zip!b.txt") == 2
    assert ends.gone_in(1, "ab") == ends.gone_in(3, "a.zip") == 0


def test_a_directory_that_is_emptied_hides_all_below_it_and_not_itself() -> None:
    ends = Ends(
        asked(CONTENTS, {"srv/a/b": b"", "srv": b""}, {"srv/.wh..wh..opq": b""}, {".wh..wh..opq": b""})
    )
    assert (ends.gone_in(1, "srv/a/b"), ends.gone_in(1, "srv"), ends.gone_in(2, "x")) == (2, 3, 3)


@pytest.mark.parametrize(
    ("path", "hidden"),
    [("a/.wh.b", "a/b"), (".wh.b", "b"), ("a/.wh..wh..opq", "a/"), ("a/b", None), ("a/.wh.", None)],
)
def test_a_mark_tells_what_it_hides(path: str, hidden: str | None) -> None:
    assert hidden_by(path) == hidden
