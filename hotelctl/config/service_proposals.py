"""What a person decides: each part of a service file as comments, with what was found for it."""

from collections.abc import Iterator, Sequence

from hotelctl.config import toml_text
from hotelctl.core.redact import by_shape
from hotelctl.facts.found.place import Found
from hotelctl.facts.found.survey import Survey

_SHOWN = 3
_WHEEL = ("{python}", "-m", "build", "--wheel", "--no-isolation", "--outdir", "{out}", "{source}")


def parts(found: Survey) -> Iterator[Sequence[str]]:
    """Each part's lines; none of them sets anything."""
    for lines in (_tests, _database, _build, _run, _health, _docker, _environments):
        yield list(lines(found))


def _tests(found: Survey) -> Iterator[str]:
    yield _counted("Tests", found.files.tests, "no test file was found")
    yield from _scripts(found, "test")
    if found.files.results:
        return
    yield "# The command runs in a clean export of the commit and leaves JUnit XML in {junit}."
    yield "#: [tests]"
    if found.python is not None or not found.node:
        yield '#: command = ["{python}", "-m", "pytest", "-q", "--junitxml={junit}"]'
    else:
        yield '#: command = ["npx", "vitest", "run", "--reporter=junit", "--outputFile={junit}"]'
    yield '#: database_env = "TEST_DATABASE_URL"'
    yield '# Or, without a command, results that another run left: results = ["test-results/junit.xml"]'


def _database(found: Survey) -> Iterator[str]:
    yield "# PostgreSQL: the variable that holds its owner's URL; validation then asks it, read-only."
    yield "#: [database]"
    yield f"#: url_env = {toml_text.string(_url_key(found))}"


def _url_key(found: Survey) -> str:
    read = {name for one in found.reads.reads for name in one.names}
    return next((name for name in sorted(read) if name.endswith("DATABASE_URL")), "DATABASE_URL")


def _build(found: Survey) -> Iterator[str]:
    python = found.python
    if python and python.backend:
        yield toml_text.comment(f"Build backend: {python.backend.value} ({python.backend.place})")
    yield from _scripts(found, "build")
    if not (python and python.hashed):
        yield "# No requirements with hashes were found: uv export or pip-compile --generate-hashes."
    lock = python.hashed[0] if python and python.hashed else "requirements.txt"
    yield "# A release is a wheel, installed with hashed requirements into an environment of its own."
    yield "#: [build]"
    yield f"#: command = {toml_text.strings(_WHEEL)}"
    yield '#: artifact = "*.whl"'
    yield f"#: requirements = {toml_text.string(lock)}"


def _run(found: Survey) -> Iterator[str]:
    yield from _scripts(found, "start")
    yield "# How one instance starts; it listens on 127.0.0.1 and {port}."
    yield "#: [run]"
    yield f"#: command = {toml_text.strings(_command(found))}"


def _command(found: Survey) -> Sequence[str]:
    packages = found.python.packages if found.python else frozenset()
    python = ("{venv}/bin/python", "-m")
    if "gunicorn" in packages and "uvicorn" not in packages:
        return (*python, "gunicorn", "--bind", "127.0.0.1:{port}", "yourpackage:app")
    if packages & {"uvicorn", "fastapi"}:
        return (*python, "uvicorn", "yourpackage:app", "--host", "127.0.0.1", "--port", "{port}")
    return (*python, "yourpackage", "--port", "{port}")


def _health(found: Survey) -> Iterator[str]:
    for kind in ("live", "ready", "version"):
        routes = [one for one in found.routes if one.kind == kind]
        for one in routes[:_SHOWN]:
            prefix = "" if one.whole else ", a prefix may stand in front of it"
            yield toml_text.comment(f"{kind}: {one.path.value} ({one.path.place}{prefix})")
        if not routes:
            yield f"# {kind}: no route was found in the code"
    yield "# Paths that answer without log-in; version answers JSON with the running commit in commit_field."
    yield "#: [health]"
    for kind in ("live", "ready", "version"):
        yield f"#: {kind} = {toml_text.string(_first(found, kind))}"
    yield '#: commit_field = "commit"'


def _first(found: Survey, kind: str) -> str:
    return next((one.path.value for one in found.routes if one.kind == kind), f"/{kind}")


def _docker(found: Survey) -> Iterator[str]:
    yield _counted("Dockerfiles", found.files.dockerfiles, "none was found")
    if found.files.compose:
        yield _counted("Compose files", found.files.compose, "")
    for name in found.files.dockerfiles[:_SHOWN]:
        yield from (toml_text.comment(words) for words in _composed(found, name))
    yield "# Every Dockerfile is judged; the first one is the service's."
    yield "#: [docker]"
    yield f"#: port = {_port(found)}"
    yield '#: registries = ["docker.io/library"]'


def _composed(found: Survey, dockerfile: str) -> Iterator[str]:
    """What compose files say of what the Dockerfile builds; validation goes by it."""
    lines = (
        f"{one.place}: {one.name} is {dockerfile} with the context {one.context}"
        f"{f', health is asked in {one.asks}' if one.asks else ''}"
        for one in found.compose.built_by(dockerfile)
    )
    # Compositions may differ in nothing that is told here.
    yield from dict.fromkeys(lines)


def _port(found: Survey) -> int:
    first = next(iter(found.files.dockerfiles), "")
    ports = [port for one in found.compose.built_by(first) for port in one.ports]
    return ports[0] if ports else 8000


def _environments(found: Survey) -> Iterator[str]:
    yield _counted("CI", found.files.workflows, "no workflow was found")
    yield "# Where it runs besides local; production is strict: hotelctl validate --env production"
    yield "#: [environments.production]"
    yield '#: profile = "production"'
    yield '#: env_files = [".env.production"]'


def _counted(title: str, paths: Sequence[str], nothing: str) -> str:
    if not paths:
        return f"# {title}: {nothing}"
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    return toml_text.comment(f"{title}: {', '.join(paths[:_SHOWN])}{more}")


def _scripts(found: Survey, name: str) -> Iterator[str]:
    script: Found | None = found.node.scripts.get(name) if found.node else None
    if script is not None:
        yield toml_text.comment(f"package.json script {name}: {by_shape(script.value)} ({script.place})")
