"""The container engine that `DOCKER_HOST` names, else this machine's own, as the SDK reaches it.

The SDK is an extra, and slow to load: it is imported where an engine is wanted.
"""

import socket
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from hotelctl.adapters.docker_tunnel import TUNNELS
from hotelctl.core.errors import Unavailable

if TYPE_CHECKING:
    from docker import DockerClient

SDK_REMEDY = "python -m pip install 'docker>=7.1'"
NO_SDK = f"the container engine's Python library is not installed: {SDK_REMEDY}"
NO_ENGINE = "what answers where DOCKER_HOST points is no container engine, or DOCKER_HOST is no address"
ODD = (KeyError, TypeError, ValueError, AttributeError)
"""What the SDK, or a reader of its answers, stumbles with over what no engine says."""
_LOOK_S = 5.0
_OURS = "unix://"
USUAL = "unix:///var/run/docker.sock"


class Silent(Unavailable):
    """No engine answers, or it ceased to: what it was asked for may have been done."""


@contextmanager
def docker_engine(
    environ: Mapping[str, str], timeout_s: float, spoken: str | None = None
) -> Iterator["DockerClient"]:
    """A client that speaks the version of an engine that answers; `timeout_s` is the limit of each request.

    With `spoken`, the version that an earlier client of that engine had, the engine is not asked for it.

    Raises:
        Unavailable: the SDK is not installed, no engine answers, it ceased to in the block, or it refuses
            what the block asks.

    """
    try:
        import docker  # noqa: F401, PLC0415 - see above
    except ModuleNotFoundError:
        raise Unavailable(NO_SDK) from None
    from docker.errors import APIError, DockerException  # noqa: PLC0415 - see above
    from requests import RequestException  # noqa: PLC0415 - see above
    from urllib3.exceptions import HTTPError  # noqa: PLC0415 - see above

    _require_listening(environ)
    try:
        given = TUNNELS.environment(environ)
    except Unavailable as trouble:
        raise Silent(f"the container engine cannot be asked: {trouble.reason}") from trouble
    try:
        version = spoken or _spoken(given)
        with closing(_client(given, version, timeout_s)) as client:
            yield client
    except APIError as refusal:
        raise Unavailable(f"the container engine refuses: {why(refusal)}") from refusal
    except (DockerException, RequestException, HTTPError, ConnectionError, TimeoutError) as trouble:
        raise Silent(f"the container engine cannot be asked: {why(trouble)}") from trouble


def _require_listening(environ: Mapping[str, str]) -> None:
    """Raises `Unavailable` where nobody does: the SDK would leave a socket open that never was connected."""
    if not is_here(environ):
        return
    path = (environ.get("DOCKER_HOST") or USUAL).removeprefix(_OURS)
    try:
        with socket.socket(socket.AF_UNIX) as asking:
            asking.settimeout(_LOOK_S)
            asking.connect(path)
    except OSError as trouble:
        raise Silent(f"the container engine cannot be asked: {why(trouble)}, at {path}") from trouble


def is_here(environ: Mapping[str, str]) -> bool:
    """Whether the engine is reached by a socket of this machine, and so shares its files."""
    return (environ.get("DOCKER_HOST") or _OURS).startswith(_OURS)


def why(trouble: Exception) -> str:
    """The last words of a chain of wrapped errors, on one line."""
    said = getattr(trouble, "explanation", None) or _cause(trouble)
    return " ".join(str(said).split()) or type(trouble).__name__


def _cause(trouble: BaseException) -> str:
    """The operating system's own word, where it is below what libraries say of it."""
    below: BaseException | None = trouble
    while below is not None:
        if isinstance(below, OSError) and below.strerror:
            return below.strerror.lower()
        below = below.__cause__ or below.__context__
    return str(trouble)


def _client(environ: dict[str, str], version: str, timeout_s: float) -> "DockerClient":
    from docker import from_env  # noqa: PLC0415 - see above

    client: DockerClient = from_env(version=version, timeout=round(timeout_s), environment=environ)
    # Else the bundle that REQUESTS_CA_BUNDLE names would win over the authority of DOCKER_CERT_PATH.
    client.api.trust_env = not environ.get("DOCKER_TLS_VERIFY")
    return client


def _spoken(environ: dict[str, str]) -> str:
    """The newest version that engine and SDK both speak.

    The SDK's own way leaves a connection open where none answers: with a version given it connects only when
    it is asked.
    """
    from docker.constants import DEFAULT_DOCKER_API_VERSION as NEWEST  # noqa: PLC0415 - see above
    from docker.utils import version_lt  # noqa: PLC0415 - see above

    try:
        with closing(_client(environ, NEWEST, _LOOK_S)) as client:
            theirs = str(client.version(api_version=False)["ApiVersion"])
        return theirs if version_lt(theirs, NEWEST) else NEWEST
    except ODD as odd:
        raise Unavailable(NO_ENGINE) from odd
