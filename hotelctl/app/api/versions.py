"""`If-Match` of a change and `ETag` of what it is about: the version number of the row."""

import re
from typing import Annotated

from fastapi import Depends, Header

from hotelctl.app.api.refusals import refuses
from hotelctl.app.domain.failures import PreconditionFailed, PreconditionRequired

_TAG = re.compile(r'^(?:W/)?"(\d{1,9})"$|^(\d{1,9})$')


def _version(told: str | None) -> int:
    if told is None:
        raise PreconditionRequired
    found = _TAG.match(told.strip())
    if found is None:
        raise PreconditionFailed
    return int(found[1] or found[2])


@refuses(PreconditionFailed, PreconditionRequired)
async def _if_match(if_match: Annotated[str | None, Header(max_length=40)] = None) -> int:
    return _version(if_match)


IfMatchDep = Annotated[int, Depends(_if_match)]
"""The version that the change is based on; compare it with the row's and raise PreconditionFailed."""


def etag(version: int) -> dict[str, str]:
    """The header that names this version."""
    return {"ETag": f'"{version}"'}
