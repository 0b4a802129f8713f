"""What to do about what an S3 server says no with."""

import re

import pytest
from botocore.exceptions import ClientError

from hotelctl.adapters.s3_refusal import talking
from hotelctl.core.errors import StepFailed
from tests.house.tracked import ROOT

_RIGHT = re.compile(r"\b(?:List|Get|Put|Delete|Abort)[A-Za-z]+\b")


@pytest.mark.parametrize("code", ["AccessDenied", "403"])
def test_who_may_not_is_told_the_rights_that_the_page_lists(code: str) -> None:
    page = (ROOT / "docs" / "backup.md").read_text(encoding="utf-8")
    listed = page[page.index("Give it `s3:") :].partition(" there.")[0]
    with pytest.raises(StepFailed) as refused, talking("s3://bucket/a"):
        raise ClientError({"Error": {"Code": code}}, "ListMultipartUploads")
    assert "ListBucketMultipartUploads" in _RIGHT.findall(refused.value.hint)
    assert _RIGHT.findall(refused.value.hint) == _RIGHT.findall(listed)
