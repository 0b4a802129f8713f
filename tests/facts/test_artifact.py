import io
import zipfile

import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.facts.artifact import wheel_names


def test_members_and_their_sizes() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("thing/__init__.py", "x" * 7)
        archive.mkdir("thing/data")
    assert wheel_names(buffer.getvalue()) == {"thing/__init__.py": 7}


def test_no_archive_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        wheel_names(b"PK but no")
