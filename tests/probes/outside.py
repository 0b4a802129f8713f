"""A world whose service speaks to others."""

import json
from dataclasses import replace

from hotelctl.core.ports import Completed
from tests.probes.worlds import World, completed

CHECK = ["{venv}/ask", "{services}"]
MAIL = {"variable": "MAIL_HOST", "url": "smtp+starttls://${MAIL_HOST}:${MAIL_PORT}", "check": CHECK}
PAY = {
    "variable": "PAY_KEY",
    "url": ["${PAY_URL}", "https://pay.example/v1"],
    "check": CHECK,
    "live_keys": ["live_"],
    "test_keys": ["test_"],
}
CONTRACT = """
schema = "hotelctl.env/1"
[keys.MAIL_HOST]
docs = "..."
[keys.MAIL_PORT]
docs = "..."
default = "587"
[keys.PAY_KEY]
docs = "..."
secret = true
[keys.PAY_URL]
docs = "..."
"""


def outside(
    *, contract: str | None = CONTRACT, release_env: dict[str, str] | None = None, **external: object
) -> World:
    """These services, by default mail and payments with both configured in `.env.local`."""
    env = {"files": [".env.local"]} | ({"contract": "env.toml"} if contract else {})
    made = World(external=external or {"mail": MAIL, "pay": PAY}, env=env)
    made.release_env = (
        {"MAIL_HOST": "mail.example", "PAY_KEY": "test_1"} if release_env is None else release_env
    )
    made.write(".env.local", "".join(f"{key}={value}\n" for key, value in made.release_env.items()))
    if contract:
        made.write("env.toml", contract)
    return made


def said(told: object, code: int = 0) -> Completed:
    """A check that printed this."""
    return replace(completed(code), stdout=json.dumps(told))
