import time

import pytest

from hotelctl.facts.found.routes import health_routes


def found(path: str, text: str) -> list[tuple[str, str, int | None, bool]]:
    """Kind, route, line, and whether nothing can stand in front of it."""
    return [(one.kind, one.path.value, one.path.line, one.whole) for one in health_routes({path: text})]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("a.py", 'app = FastAPI()\n@app.get("/healthz")\n', ("live", "/healthz", 2, True)),
        ("a.py", "app: FastAPI = FastAPI(x=1)\n@app.get('/v1/ready')\n", ("ready", "/v1/ready", 2, True)),
        ("a.py", "app = Flask(__name__)\n\n@app.route('/version')\n", ("version", "/version", 3, True)),
        ("a.py", '@router.get(\n    "/health-check/",\n)\n', ("live", "/health-check/", 1, False)),
        ("u.py", "from django.urls import path\npath('live/', x)\n", ("live", "/live/", 2, False)),
        ("a.js", "const app = express()\napp.get('/livez', f)\n", ("live", "/livez", 2, True)),
        ("a.ts", "export const userRouter = r()\nuserRouter.get(`/ping`, f)\n", ("live", "/ping", 2, False)),
        ("a.ts", "const app: FastifyInstance = fastify()\napp.get('/up', f)\n", ("live", "/up", 2, True)),
        ("src/app/(ops)/api/ready/route.ts", "", ("ready", "/api/ready", None, True)),
        ("pages/api/health.js", "", ("live", "/api/health", None, True)),
        ("pages/api/health/index.ts", "", ("live", "/api/health", None, True)),
    ],
)
def test_literals_of_each_framework(
    path: str, text: str, expected: tuple[str, str, int | None, bool]
) -> None:
    assert found(path, text) == [expected]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", 'requests.get("/health")\n'),
        ("a.py", '@app.get("/sign-up")\n@app.get("/rooms/{id}/health")\n@app.post("/health")\n'),
        ("a.py", "path('health', x)\n"),
        ("a.js", "axios.get('/health')\nfetch('/health')\n"),
        ("a.js", "app.get('/:id/health', f)\n"),
        ("src/app/[id]/health/route.ts", ""),
        ("notes.md", "app.get('/health')\n"),
    ],
)
def test_what_is_no_literal_route_of_health_is_none(path: str, text: str) -> None:
    assert found(path, text) == []


def test_whole_routes_come_first() -> None:
    text = 'app = FastAPI()\n@router.get("/health")\n@app.get("/live")\n'
    assert [one[1] for one in found("a.py", text)] == ["/live", "/health"]


@pytest.mark.parametrize("line", ["a:1,", "a.b", "@a.", "x=", "path(", "app.get('"])
def test_one_endless_line_takes_no_time(line: str) -> None:
    started = time.monotonic()
    found("a.js", line * (300_000 // len(line)))
    found("a.py", "django" + line * (300_000 // len(line)))
    assert time.monotonic() - started < 20
