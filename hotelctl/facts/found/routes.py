"""Routes of health that stand in the code as literals; nothing is run, so a prefix may be missing."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hotelctl.facts.found.place import Found, line_at, nearest

_OWNER = r"(?P<owner>[A-Za-z_][\w.]{0,60})"
_PATH = r"""\(\s*[rf]?(?P<quote>["'`])(?P<path>[^"'`\n]{0,200})(?P=quote)"""
_DECORATED = re.compile(rf"@{_OWNER}\.(?:get|route|api_route|head){_PATH}")
_DJANGO = re.compile(rf"\b(?:re_)?path{_PATH}")
_EXPRESS = re.compile(rf"\b{_OWNER}\.(?:get|all|use){_PATH}")
_TYPED = r"\s*(?::[^=\n]{1,60})?=\s*"
_FRAMEWORKS = ("FastAPI", "Flask", "Quart", "Starlette", "Sanic", "Litestar")
_WHOLE_PYTHON = re.compile(rf"^[ \t]*(\w+){_TYPED}(?:\w+\.)?(?:{'|'.join(_FRAMEWORKS)})\(", re.MULTILINE)
_WHOLE_NODE = re.compile(
    rf"\b(\w+){_TYPED}(?:(?:await\s+)?(?:express|[fF]astify|restify\.createServer)\(|new\s+(?:Koa|Hono|Elysia)\b)"
)
# Others of the same method ask a server: axios.get("/health").
_ROUTER = re.compile(r"(?i)(.*\.)?(app|server|api|fastify|routes?|\w*router)")
_LIVE = re.compile(r"(?i)(.*/)?(live|livez|liveness|alive|up|ping|heartbeat|healthz?|health[-_]?checks?)/?")
_READY = re.compile(r"(?i)(.*/)?(ready|readyz|readiness)/?")
_VERSION = re.compile(r"(?i)(.*/)?(version|build[-_]?info)/?")
_KINDS = (("ready", _READY), ("version", _VERSION), ("live", _LIVE))
_FILE_ROUTE = re.compile(
    r"(?:.*/)?(?:src/)?app/(?P<app>(?:[^/]+/)*)route\.[jt]s|(?:.*/)?pages/(?P<page>api/(?:[^/]+/)*[^/]+)\.[jt]s"
)
_NODE = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts")


@dataclass(frozen=True, slots=True)
class Route:
    """`kind` is live, ready or version; without `whole` the application may put a prefix in front."""

    kind: str
    path: Found
    whole: bool


def health_routes(texts: Mapping[str, str]) -> tuple[Route, ...]:
    """Every one whose last word is one of health, whole ones first, then the nearest to the root."""
    found = {route for path, text in texts.items() for route in _of(path, text)}
    return tuple(sorted(found, key=lambda one: (not one.whole, nearest(one.path.path), one.path.line or 0)))


def _of(path: str, text: str) -> Iterator[Route]:
    if path.endswith(".py"):
        framed = any(name in text for name in _FRAMEWORKS)
        apps = {hit[1] for hit in _WHOLE_PYTHON.finditer(text)} if framed else set[str]()
        yield from _literals(path, text, _DECORATED, apps)
        if "django" in text:
            yield from _literals(path, text, _DJANGO, set())
    elif path.endswith(_NODE):
        apps = {hit[1] for hit in _WHOLE_NODE.finditer(text)}
        yield from _literals(path, text, _EXPRESS, apps)
        yield from _by_file(path)


def _literals(path: str, text: str, shape: re.Pattern[str], apps: set[str]) -> Iterator[Route]:
    for hit in shape.finditer(text):
        said, owner = hit["path"], hit.groupdict().get("owner") or ""
        kind = _kind(said)
        if shape is _EXPRESS and owner not in apps and not _ROUTER.fullmatch(owner):
            continue
        if kind is not None and not re.search(r"[{}<>$:*\\]", said):
            route = said if said.startswith("/") else f"/{said}"
            place = Found(route, path, line_at(text, hit.start()))
            yield Route(kind, place, owner in apps)


def _by_file(path: str) -> Iterator[Route]:
    """Next.js names a route by the file that answers it; a name in parentheses is no part of it."""
    hit = _FILE_ROUTE.fullmatch(path)
    if hit is None:
        return
    said = (hit["app"] or hit["page"]).strip("/")
    parts = [part for part in said.split("/") if not (part.startswith("(") and part.endswith(")"))]
    route = "/" + "/".join(parts).removesuffix("/index")
    kind = _kind(route)
    if kind is not None and "[" not in route:
        yield Route(kind, Found(route, path), whole=True)


def _kind(route: str) -> str | None:
    return next((kind for kind, shape in _KINDS if shape.fullmatch(route)), None)
