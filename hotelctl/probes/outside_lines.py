"""The way to each outside service, looked at from this machine; nothing is asked of the service itself."""

from functools import partial
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]  # typeshed lacks it

from hotelctl.core.errors import NoNetwork, Unavailable
from hotelctl.facts.outside_lines import Line, OutsideLines
from hotelctl.facts.outside_services import Address, Encryption, OutsideServices
from hotelctl.probes.context import Context

_LIMIT_S = 5.0
_PROXIED = ("https", "http")


def outside_lines(context: Context, services: OutsideServices) -> OutsideLines:
    """A line for each address, all looked at once."""
    known = [(one.name, one.address) for one in services.configured if one.address]
    lines = context.abreast.each([partial(_line, context, name, address) for name, address in known])
    untold = tuple((one.name, one.trouble) for one in services.configured if one.trouble)
    return OutsideLines(lines, untold)


def _line(context: Context, name: str, address: Address) -> Line:
    try:
        context.names.require(address.host)
        if variable := _proxy(context, address):
            return Line(name, address, proxied=f"it is asked through the proxy that {variable} names")
        found = context.names.resolve(address.host, _LIMIT_S)
    except Unavailable as trouble:
        return Line(name, address, away=trouble.reason)
    if found.refusal or address.encryption is Encryption.NEVER:
        return Line(name, address, no_name=found.refusal)
    mail = address.encryption is Encryption.STARTTLS
    try:
        shown = context.certificates.look(address.host, address.port, _LIMIT_S, starttls=mail)
    except NoNetwork as trouble:
        return Line(name, address, away=trouble.reason)
    except Unavailable as trouble:
        return Line(name, address, unshaken=trouble.reason)
    return Line(name, address, untrusted=shown.refusal)


def _proxy(context: Context, address: Address) -> str:
    """The variable that sends requests to this address through a proxy; empty for none."""
    if address.scheme not in _PROXIED:
        return ""
    here = {**context.environ, **context.release_env}
    named = (key for key in here if key.lower().endswith("_proxy") and here[key])
    proxies = {key.lower().removesuffix("_proxy"): key for key in named}
    without = {"no": here[proxies["no"]]} if "no" in proxies else {}
    if proxy_bypass_environment(address.host, without):
        return ""
    return proxies.get(address.scheme) or proxies.get("all", "")
