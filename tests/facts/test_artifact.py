import io
import zipfile

import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.facts.artifact import read_wheel


def test_members_and_their_sizes() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("thing/__init__.py", "x" * 7)
        archive.mkdir("thing/data")
    assert read_wheel(buffer.getvalue()) == {"thing/__init__.py": 7}


def test_no_archive_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        read_wheel(b"PK but no")
