"""Mail without a server: what would have been sent is looked at."""

import asyncio
import re
from email.message import EmailMessage

from hotelctl.app.external_settings import MailSettings
from hotelctl.app.services.external.smtp import Smtp

SERVER = {"smtp_host": "mail.example", "email_from": "assistant@hotel.example"}


class Noted(Smtp):
    """Takes mail without a server, or fails as it was told."""

    def __init__(self, settings: MailSettings, *failures: Exception) -> None:
        super().__init__(settings)
        self.taken: list[EmailMessage] = []
        self.failures = list(failures)

    async def send(self, message: EmailMessage, limit_s: float) -> None:
        assert limit_s <= 30
        await asyncio.sleep(0)
        if self.failures:
            raise self.failures.pop(0)
        self.taken.append(message)


def link_in(text: str) -> str | None:
    """Path of the one-time link in a mail or an answer, if there is one."""
    found = re.search(r"/set-password/[\w-]{43}", text)
    return found[0] if found else None
