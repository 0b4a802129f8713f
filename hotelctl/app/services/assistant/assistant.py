"""The assistant of one instance: what it is made of, from the settings."""

from collections.abc import Callable

from hotelctl.app.services.assistant.arrival import Arrivals
from hotelctl.app.services.assistant.handoff import Handoff
from hotelctl.app.services.assistant.pseudonyms import Pseudonyms
from hotelctl.app.services.assistant.replying import House, Replies
from hotelctl.app.services.assistant.selection import Providers
from hotelctl.app.services.external.directory import Directory
from hotelctl.app.services.keyring import Keyring
from hotelctl.app.services.metrics import Metrics
from hotelctl.app.services.post import Post
from hotelctl.app.settings import Settings
from hotelctl.app.store.engine import Database


class Assistant:
    """Takes messages and replies to them; made once per process."""

    def __init__(
        self,
        db: Database,
        settings: Settings,
        external: Directory,
        metrics: Metrics,
        post: Post,
        keys: Callable[[], Keyring],
    ) -> None:
        self.providers = Providers(settings, external.openai)
        handoff = Handoff(post, settings.hotel_public_url)
        self.arrivals = Arrivals(db, handoff)
        house = House(self.providers, Pseudonyms(keys), handoff)
        self.replies = Replies(db, house, settings.hotel_public_url, metrics)

    async def close(self) -> None:
        """Connections to providers are given back."""
        await self.providers.close()
