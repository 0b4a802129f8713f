"""All outside services of one instance, and what was last found of each."""

import asyncio
from collections.abc import Collection

from hotelctl.app.domain.failures import EXIT_CONFIG, StartFailure
from hotelctl.app.external_settings import ExternalSettings
from hotelctl.app.services.external.contact import Contact, Standing
from hotelctl.app.services.external.openai import OpenAI
from hotelctl.app.services.external.pinecone import Pinecone
from hotelctl.app.services.external.s3 import S3
from hotelctl.app.services.external.smtp import Smtp
from hotelctl.app.services.external.stripe import Stripe


class Directory:
    """The services by name."""

    def __init__(self, settings: ExternalSettings) -> None:
        self.smtp = Smtp(settings)
        self.openai = OpenAI(settings)
        self.pinecone = Pinecone(settings)
        self.stripe = Stripe(settings)
        self.s3 = S3(settings)
        self.contacts: tuple[Contact, ...] = (self.smtp, self.openai, self.pinecone, self.stripe, self.s3)
        self._found: dict[str, Standing] = {}

    def require_extras(self) -> None:
        """Every service that is configured has its library.

        Raises StartFailure that names each variable with the extra that it needs.
        """
        missing = [one for one in self.contacts if one.in_use() and not one.installed()]
        if not missing:
            return
        problems = tuple(
            {"key": one.variable, "problem": f"is set, but the extra `{one.extra}` is not installed"}
            for one in missing
        )
        summary = "; ".join(f"{item['key']}: {item['problem']}" for item in problems)
        message = f"{summary}; requirements/service-external.txt holds all extras"
        raise StartFailure(EXIT_CONFIG, "config_invalid", message, problems)

    def last_found(self) -> dict[str, Standing]:
        """What the last check in this process found; without one, only whether it is configured."""
        return {one.name: self._found.get(one.name) or one.unasked() for one in self.contacts}

    def serving(self) -> dict[str, Standing | None]:
        """The same of those that some feature uses; None for the others."""
        found = self.last_found()
        return {one.name: found[one.name] if one.serves else None for one in self.contacts}

    async def check(self, wanted: Collection[str] | None = None) -> dict[str, Standing]:
        """Every service, or those called so, are asked, all at once."""
        asked = [one for one in self.contacts if wanted is None or one.name in wanted]
        found = await asyncio.gather(*(one.check() for one in asked))
        self._found |= {one.name: standing for one, standing in zip(asked, found, strict=True)}
        return self.last_found()
