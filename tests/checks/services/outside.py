"""Outside services made by hand, for checks to judge."""

from hotelctl.core.finding import Location
from hotelctl.facts.outside_lines import Line
from hotelctl.facts.outside_services import Outside, OutsideServices, read_address
from hotelctl.facts.release_environment import Setting
from hotelctl.facts.secret import Secret


def pay(key: str = "hunter2", *, has_check: bool = True, limit_ms: float | None = None) -> Outside:
    """A payment service whose key tells its mode."""
    setting = Setting("PAY_KEY", Secret(key), ".env.local:3", Location(".env.local", 3))
    address = read_address("https://pay.example")
    return Outside("pay", setting, address, "", has_check, limit_ms, ("live_",), ("test_",))


def services(*configured: Outside, profile: str = "production") -> OutsideServices:
    """These, in that profile."""
    return OutsideServices(profile, configured)


def line(url: str = "https://pay.example", **fields: str) -> Line:
    """The way to the payment service."""
    return Line("pay", read_address(url), **fields)
