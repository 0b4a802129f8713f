"""`?limit=&cursor=` of a list and `{items, next_cursor}` of its answer."""

from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel

from hotelctl.app.store.paging import Page

T = TypeVar("T")


class PageOut(BaseModel, Generic[T]):
    """One page; `next_cursor` asks for the next one, null after the last."""

    items: list[T]
    next_cursor: str | None


async def _page(
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> Page:
    return Page(limit, cursor)


PageDep = Annotated[Page, Depends(_page)]
