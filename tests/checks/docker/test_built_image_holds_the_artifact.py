from pathlib import Path

from hotelctl.checks.docker.built_image_holds_the_artifact import built_image_holds_the_artifact as check
from hotelctl.facts.wheel_in_image import WheelInImage
from tests.checks import made
from tests.checks.docker.images import image

_ARTIFACT = made.artifact(path=Path("/out/notes-1-py3-none-any.whl"), sha256="b" * 64)


def _message(held: WheelInImage) -> str:
    (finding,) = made.judged(check, image(), _ARTIFACT, held)
    assert "b" * 64 in repr(finding.evidence)
    return finding.message


def test_each_file_of_the_artifact_is_fine() -> None:
    assert made.judged(check, image(), _ARTIFACT, WheelInImage(3, "/srv")) == []


def test_none_of_them_is_found() -> None:
    assert _message(WheelInImage(3)) == "notes:1 holds none of the 3 files of notes-1-py3-none-any.whl"


def test_others_and_missing_ones_are_named() -> None:
    said = _message(WheelInImage(3, "/srv", changed=("notes/a.py",), missing=("notes/b.py",)))
    assert said == "/srv of notes:1 is not notes-1-py3-none-any.whl: notes/a.py differ; notes/b.py missing"
