"""What is wrong with a URL that looks right: the traps of `urlsplit`, and what its parts say."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

_DATABASES = ("postgres", "postgresql", "mysql", "mariadb")
_PAGES = ("http", "https")
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
# Several hosts stand between commas; a `$` is of a variable that nobody filled in.
_NO_HOST = re.compile(r"[^\w.,:%-]")
# What was a host with a slash at its end, with a port behind it.
_PORT_IN_PATH = re.compile(r"/:\d+(/|$)")
_LONGEST_LABEL, _NUMBERS = 63, 4
_BLANK = re.compile(r"\s")
_LOOPBACK = ("localhost", "localhost.localdomain", "ip6-localhost")
_DEFAULTS = frozenset(
    {
        ("postgres", "postgres"),
        ("postgres", "password"),
        ("postgres", ""),
        ("admin", "admin"),
        ("admin", "password"),
        ("admin", "changeme"),
        ("root", "root"),
        ("root", "password"),
        ("root", ""),
        ("user", "password"),
        ("user", "pass"),
        ("user", "user"),
        ("guest", "guest"),
        ("test", "test"),
        ("sa", "sa"),
        ("default", "default"),
        ("minioadmin", "minioadmin"),
    }
)


@dataclass(frozen=True, slots=True)
class UrlForm:
    """The parts of one URL; `socket` is the directory of a Unix socket when it names one."""

    scheme: str
    user: str
    password: str | None
    host: str
    socket: str
    query: dict[str, str]

    @property
    def is_database(self) -> bool:
        """Whether the scheme is one of a relational database, with or without a driver."""
        return self.scheme.partition("+")[0] in _DATABASES

    @property
    def is_loopback(self) -> bool:
        """Whether the host is this machine by a network name or address; a socket is not."""
        if self.host.lower() in _LOOPBACK:
            return True
        return _is_address(self.host) and ipaddress.ip_address(self.host).is_loopback

    @property
    def is_here(self) -> bool:
        """Whether it cannot leave this machine."""
        return bool(self.socket) or self.is_loopback

    @property
    def has_default_login(self) -> bool:
        """Whether user and password are a pair that everybody tries first, or equal each other."""
        if self.password is None or (self.socket and not self.password):
            return False  # at a socket the file system decides who comes in
        pair = (self.user.lower(), self.password.lower())
        return pair in _DEFAULTS or (bool(self.user) and pair[0] == pair[1])


def read_url(value: str) -> UrlForm | None:
    """The parts of `value`; None when no reader would understand it."""
    try:
        parts = urlsplit(value.strip())
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        place = unquote(parts.hostname or "") or query.get("host", "")
        password = None if parts.password is None else unquote(parts.password)
    except ValueError:
        return None
    host, socket = ("", place) if place.startswith("/") else (place, "")
    return UrlForm(parts.scheme, unquote(parts.username or ""), password, host, socket, query)


def form_problem(value: str, schemes: tuple[str, ...]) -> str | None:
    """What is wrong with the form of `value`, without repeating it; None when nothing is.

    Source: RFC 3986 3.2: the authority ends at the first `/`, `?` or `#`; `@` in a password must be %40.
    """
    text = value.strip()
    scheme, separator, rest = text.partition("://")
    if not separator:
        return "is not a URL: it has no scheme:// in front"
    if problem := _scheme_problem(scheme.lower(), schemes):
        return problem
    if _BLANK.search(text):
        return "has a blank in it: write %20"
    if problem := _authority_problem(rest, is_page=scheme.lower() in _PAGES):
        return problem
    return _host_problem(text)


def _scheme_problem(scheme: str, schemes: tuple[str, ...]) -> str | None:
    if scheme == "postgres" and scheme not in schemes:
        return "begins with postgres://, which SQLAlchemy refuses: write postgresql://"
    if schemes and scheme not in schemes:
        return f"has the scheme {scheme!r}, allowed are {', '.join(schemes)}"
    return None


def _authority_problem(rest: str, *, is_page: bool) -> str | None:
    authority = rest[: min((i for i in map(rest.find, "/?#") if i >= 0), default=len(rest))]
    beyond = rest[len(authority) :]
    login, at, _host = authority.rpartition("@")
    if "@" in login:
        return "has an unescaped @ in its password: write %40"
    if at and login.count(":") > 1:
        return "has an unescaped : in its password: write %3A"
    if at and _LONE_PERCENT.search(login):
        return "has an unescaped % in its password: write %25"
    if not at and _is_half_a_login(authority, beyond, is_page=is_page):
        return f"has an unescaped {beyond[0]} in its password: write %{ord(beyond[0]):02X}"
    if authority.endswith(":"):
        doubled = beyond.startswith("//")
        return "has two schemes in front" if doubled else "has a colon behind its host and no port"
    return None


def _is_half_a_login(authority: str, beyond: str, *, is_page: bool) -> bool:
    """Whether user and password end behind the authority; pages have an @ in their path as they like."""
    if "@" not in beyond or ":" not in authority:
        return False
    return not (is_page and authority.rpartition(":")[2].isdigit())


def _host_problem(text: str) -> str | None:
    try:
        parts: SplitResult = urlsplit(text)
        # libpq and others take several hosts, each with its port.
        _ports = [urlsplit(f"//{one}").port for one in parts.netloc.rpartition("@")[2].split(",")]
    except ValueError:
        return "has a port or an address that is none"
    form = read_url(text)
    if form is None:
        return "cannot be read as a URL"
    if not form.host and not form.socket and not form.scheme.startswith(("sqlite", "file")):
        return "names no host"
    if odd := _NO_HOST.search(form.host):
        return f"names a host with {odd[0]!r} in it, which no name has"
    if _PORT_IN_PATH.match(parts.path):
        return "has a slash between its host and its port"
    return next(filter(None, map(_name_problem, form.host.split(","))), None)


def _name_problem(host: str) -> str | None:
    """What no name of a host is: where it was put together from parts, one of them was empty or no such part.

    Source: RFC 1123 2.1, RFC 1035 2.3.4.
    """
    # Of several the port is left at each but the last; an address in brackets has colons of its own.
    host = host if host.count(":") > 1 else host.partition(":")[0]
    if not host or ":" in host:
        return None
    labels = host.removesuffix(".").split(".")
    if not all(labels) or (host.endswith(".") and len(labels) == 1):
        return "names a host with an empty part beside a dot"
    if any(one.startswith("-") or one.endswith("-") for one in labels):
        return "names a host with a part that begins or ends with -, as where a part of it was empty"
    if any(len(one) > _LONGEST_LABEL for one in labels):
        return f"names a host with a part of more than {_LONGEST_LABEL} letters"
    if len(labels) == _NUMBERS and all(one.isdecimal() for one in labels) and not _is_address(host):
        return "names an address that is none"
    return None


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
