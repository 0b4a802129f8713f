import json
from dataclasses import replace
from typing import Any

import pytest

from hotelctl.deploy.release import Release

RELEASE = Release(
    "d1", "1.2", "abcdef0123456789", "artifact/x.whl", "0" * 64, "0002", {"URL": "[redacted]"}, "sha256:1"
)


def test_a_release_survives_its_manifest() -> None:
    assert Release.from_json(json.loads(json.dumps(RELEASE.to_json()))) == RELEASE


@pytest.mark.parametrize("missing", sorted({*Release.__slots__} - {"image"}))
def test_a_manifest_that_lacks_a_field_is_none(missing: str) -> None:
    raw = RELEASE.to_json()
    del raw[missing]
    with pytest.raises(KeyError, match=missing):
        Release.from_json(raw)


def test_a_manifest_from_before_images_were_kept_names_none() -> None:
    raw = RELEASE.to_json()
    del raw["image"]
    assert Release.from_json(raw) == replace(RELEASE, image=None)


def test_a_field_of_a_later_version_is_no_obstacle() -> None:
    assert Release.from_json(RELEASE.to_json() | {"colour": "red"}) == RELEASE


def test_people_call_it_by_version_and_commit() -> None:
    assert RELEASE.tag == "1.2-abcdef012345"


@pytest.mark.parametrize(
    "changed",
    [
        {"commit": "b"},
        {"artifact_sha256": "1" * 64},
        {"env_fingerprints": {"URL": "[other]"}},
        {"image": "sha256:2"},
    ],
)
def test_alike_are_those_that_run_the_same_with_the_same_values(changed: dict[str, Any]) -> None:
    again = replace(RELEASE, id="d2", artifact="artifact/y.whl")
    assert RELEASE.alike(again)
    assert not RELEASE.alike(replace(again, **changed))
