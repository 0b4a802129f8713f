"""The service as tests have it: with settings of the test's own, and serving without a socket."""

from pathlib import Path

from hotelctl.app import logs
from hotelctl.app.identity import Identity
from hotelctl.app.services import keyring
from hotelctl.app.services.passwords import Passwords
from hotelctl.app.services.readiness import Phase
from hotelctl.app.services.service import Service
from hotelctl.app.settings import Settings


def settings_with(own_keyring: Path, url: str, **more: object) -> Settings:
    """Settings of an instance on the database at `url`, and more of them."""
    values = {
        "database_url": url,
        "hotel_keyring": own_keyring,
        "hotel_public_url": "https://hotel.example",
        "hotel_env": "test",
        "database_wait_s": 0,
    }
    return Settings.model_validate({**values, **more})


def serving(settings: Settings, passwords: Passwords) -> Service:
    """An instance that serves; its connections are the caller's to close."""
    instance = Service(settings, keyring.load(settings.hotel_keyring), Identity(), passwords)
    logs.configure(instance.identity)
    instance.probe.phase = Phase.SERVING
    return instance
