"""An entry as the fields of a form: tags in one line, moments by the hotel's clock."""

import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from hotelctl.app.api.moments import typed_moment
from hotelctl.app.domain.texts import Texts
from hotelctl.app.store.tables import KnowledgeEntry

_MOMENTS = ("valid_from", "valid_until")
_LARGEST_VERSION = 2**31 - 1


def wrong_words(t: Texts) -> dict[str, str]:
    """What is said of each field of an entry that is wrong."""
    return {
        "title": t("wrong.title", least=1, most=200),
        "body": t("knowledge.wrong_body", most=8000),
        "keywords": t("wrong.longest", most=2000),
        "audience": t("knowledge.wrong_audience"),
        "lang": t("wrong.choose"),
        "tags": t("knowledge.wrong_tags"),
        "valid_from": t("knowledge.wrong_valid_from"),
        "valid_until": t("knowledge.wrong_valid_until"),
        "source": t("wrong.longest", most=500),
    }


class EntryForm(BaseModel):
    """The fields as they are typed."""

    title: str = ""
    body: str = ""
    keywords: str = ""
    audience: str = "guest"
    lang: str = "simple"
    tags: str = ""
    valid_from: str = ""
    valid_until: str = ""

    def given(self, clock: ZoneInfo) -> dict[str, Any]:
        """The entry as the API takes it."""
        # Browsers end lines of a text area with two characters.
        texts = {
            name: getattr(self, name).replace("\r\n", "\n").strip() for name in ("title", "body", "keywords")
        }
        return {
            **texts,
            "audience": self.audience,
            "lang": self.lang,
            "tags": list(dict.fromkeys(re.findall(r"[^\s,]+", self.tags.lower()))),
            **{name: typed_moment(getattr(self, name), clock) for name in _MOMENTS},
        }

    def changed(self, entry: KnowledgeEntry, clock: ZoneInfo) -> dict[str, Any]:
        """The same without the moments that nobody touched: a form shows them to the minute only."""
        before = shown(entry, clock)
        same = {name for name in _MOMENTS if getattr(self, name).strip() == before[name]}
        return {name: value for name, value in self.given(clock).items() if name not in same}


class ChangeForm(EntryForm):
    """The fields, and the version that they are a change of."""

    version: int = Field(ge=1, le=_LARGEST_VERSION)


def shown(entry: KnowledgeEntry, clock: ZoneInfo) -> Mapping[str, Any]:
    """The entry as the form shows it."""
    moments = {name: getattr(entry, name) for name in _MOMENTS}
    return {
        **{name: getattr(entry, name) for name in ("title", "body", "keywords", "audience", "lang")},
        "tags": ", ".join(entry.tags),
        **{name: f"{at.astimezone(clock):%Y-%m-%dT%H:%M}" if at else "" for name, at in moments.items()},
    }
