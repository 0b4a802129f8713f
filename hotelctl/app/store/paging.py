"""Lists in pages: each page begins where the last row of the page before stood, whatever came in between."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from hotelctl.app.domain.failures import Invalid
from hotelctl.app.store.direct import Asked, Asks, Fixed, Values, given

T = TypeVar("T")
Key = ColumnElement[Any] | InstrumentedAttribute[Any]
_LARGEST = 2**31 - 1


def _number(value: Any) -> int:  # noqa: ANN401 - JSON is any shape
    if type(value) is not int or abs(value) > _LARGEST:
        raise ValueError("is no number of a row")
    return value


def _text(value: Any) -> str:  # noqa: ANN401 - JSON is any shape
    told = str(value)
    if "\0" in told or told.encode(errors="ignore").decode() != told:
        raise ValueError("is no text of a row")
    return told


_READ: dict[type, Callable[[Any], object]] = {
    UUID: UUID,
    datetime: datetime.fromisoformat,
    int: _number,
    str: _text,
}


@dataclass(frozen=True, slots=True)
class Page:
    """What was asked for: at most `limit` rows after the cursor."""

    limit: int
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """Rows of one page; no cursor after the last one."""

    items: list[T]
    next_cursor: str | None


async def fetch(session: AsyncSession, statement: Select[T], page: Page, *, by: Sequence[Key]) -> Found[T]:
    """One page of the statement's rows, highest first by these expressions, of which none is ever NULL.

    The last of them is unique. Raises Invalid for a cursor that was not given for such a list.
    """
    asked = statement.add_columns(*by).order_by(None).order_by(*(key.desc() for key in by))
    if page.cursor is not None:
        asked = asked.where(tuple_(*by) < tuple_(*_read(page.cursor, by)))
    rows = (await session.execute(asked.limit(page.limit + 1))).all()
    shown = rows[: page.limit]
    more = len(rows) > page.limit
    return Found([row[0] for row in shown], _write(shown[-1][1:]) if more else None)


class Listing:
    """A list whose statements are made once: for its first page, and for those after a cursor."""

    def __init__(self, statement: Select[Any], by: Sequence[InstrumentedAttribute[Any]]) -> None:
        """The statement's rows, highest first by these columns, which it shows and of which none is NULL.

        The last of them is unique.
        """
        self._by = tuple(by)
        asked = statement.order_by(*(key.desc() for key in by)).limit(given("limit"))
        marks = [given(f"after{n}", key.type) for n, key in enumerate(by)]
        self._first = Fixed.of(asked)
        self._next = Fixed.of(asked.where(tuple_(*by) < tuple_(*marks)))

    def first(self, limit: int, values: Values | None = None) -> Asked:
        """The highest rows, asked together with something else."""
        return self._first, {**(values or {}), "limit": limit}

    async def fetch(self, asks: Asks, values: Values, page: Page) -> Found[Any]:
        """One page. Raises Invalid for a cursor that was not given for such a list."""
        asked, told = self._first, {**values, "limit": page.limit + 1}
        if page.cursor is not None:
            marks = _read(page.cursor, self._by)
            asked, told = self._next, told | {f"after{n}": mark for n, mark in enumerate(marks)}
        (rows,) = await asks.ask((asked, told))
        shown = rows[: page.limit]
        more = len(rows) > page.limit
        return Found(shown, _write([getattr(shown[-1], key.key) for key in self._by]) if more else None)


def _write(values: Sequence[Any]) -> str:
    written = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(written, default=str).encode()).decode().rstrip("=")


def _read(cursor: str, by: Sequence[Key]) -> list[Any]:
    try:
        written = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        pairs = list(zip(by, written, strict=True))
        return [_READ[key.type.python_type](value) for key, value in pairs]
    except (ValueError, TypeError, AttributeError, OverflowError):
        raise Invalid(("query", "cursor"), "is no cursor of this list") from None
