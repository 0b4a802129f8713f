import io

import pytest

from hotelctl.core.images import LayerFile
from hotelctl.facts.layer_files import Ends, of_the_system


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
    ends = Ends()
    for number, path in ((1, "a.zip"), (1, "ab"), (2, ".wh.a.zip"), (3, ".wh.a.zip")):
        assert ends.is_file(LayerFile(number, "sha256:1", path, io.BytesIO().read)) is (number == 1)
    assert ends.gone_in(1, "a.zip") == ends.gone_in(1, "a.zip!b.txt") == 2
    assert ends.gone_in(1, "ab") == ends.gone_in(3, "a.zip") == 0
