"""What may leave the assistant: plain text without foreign links, contacts or ids."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from hotelctl.app.domain.assistant.payment import redact_cards

EMAIL_MASK, PHONE_MASK, LINK_MASK = "[e-mail removed]", "[number removed]", "[link removed]"
_MIN_PHONE_DIGITS = 7
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]*)[^)]*\)")
_TAG = re.compile(
    r"<(script|style)\b.*?(</\1\s*>|$)|<!--.*?(-->|$)|</?[a-zA-Z][^<>]*(>|$)", re.DOTALL | re.IGNORECASE
)
_URL = re.compile(r"\b(?:https?://|www\.)[^\s<>\")\]]+", re.IGNORECASE)
_SCHEME = re.compile(r"\b(?:javascript|data|vbscript|file):[^\s]*", re.IGNORECASE)
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_PHONE = re.compile(r"(?<![\w+])\+?\(?\d[\d ()./\u2013-]{5,24}\d(?!\w)")
_UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.IGNORECASE)
_SPACES = re.compile(r"[^\S\n]{2,}")


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _is_clock_or_date(run: str) -> bool:
    return bool(
        re.fullmatch(
            r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|[\d.]+ ?[-\u2013] ?[\d.]+", run.strip()
        )
    )


class Sources:
    """What an answer may repeat: the text it cites and the hotel's own addresses and numbers."""

    def __init__(self, texts: Iterable[str], hosts: Iterable[str] = ()) -> None:
        self._text = "\n".join(texts)
        self._digits = {_digits(run) for run in _PHONE.findall(self._text)}
        self._hosts = {host.lower() for host in hosts}

    def has_email(self, address: str) -> bool:
        """Whether the cited text holds this address."""
        return address.lower() in {found.lower() for found in _EMAIL.findall(self._text)}

    def has_phone(self, run: str) -> bool:
        """Whether the cited text holds this number, however it is spaced."""
        return _digits(run) in self._digits

    def has_link(self, url: str) -> bool:
        """Whether the link stands in the cited text or leads to the hotel's own host."""
        target = url if "//" in url else f"https://{url}"
        host = (urlsplit(target).hostname or "").lower()
        return url.rstrip(".,;:!?") in _links(self._text) or host in self._hosts


def _links(text: str) -> set[str]:
    return {url.rstrip(".,;:!?") for url in _URL.findall(text)}


def _plain(text: str) -> str:
    without_images = _IMAGE.sub("", text)
    spelled_out = _LINK.sub(lambda found: f"{found[1]} {found[2]}".strip(), without_images)
    return _TAG.sub("", spelled_out)


def _mask_phone(run: str, sources: Sources) -> str:
    if len(_digits(run)) < _MIN_PHONE_DIGITS or _is_clock_or_date(run) or sources.has_phone(run):
        return run
    return PHONE_MASK


def release(text: str, sources: Sources) -> str:
    """The text as people may see it: no markup, and nothing to follow or call that no source holds."""
    shown = _UUID.sub("", _SCHEME.sub("", _plain(text)))
    shown = _URL.sub(lambda found: found[0] if sources.has_link(found[0]) else LINK_MASK, shown)
    shown = _EMAIL.sub(lambda found: found[0] if sources.has_email(found[0]) else EMAIL_MASK, shown)
    shown, _ = redact_cards(shown)
    shown = _PHONE.sub(lambda found: _mask_phone(found[0], sources), shown)
    return _SPACES.sub(" ", shown).strip()
