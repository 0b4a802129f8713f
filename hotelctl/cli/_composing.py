"""The compose file of a service, printed or written."""

from pathlib import Path

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.evidence import Unrecorded
from hotelctl.adapters.files import LocalFiles
from hotelctl.cli._contract import contract_of
from hotelctl.cli._wiring import Asked, configure
from hotelctl.config.load import Configuration
from hotelctl.core.errors import Unavailable, UsageError
from hotelctl.core.redact import Redactor
from hotelctl.deploy.image import dockerfile_name
from hotelctl.facts.declared_version import declared_version
from hotelctl.facts.dockerfile_text import parse_dockerfile
from hotelctl.render.compose import compose_text


def composed(asked: Asked, image: str | None, write: Path | None) -> str:
    """The file's text, or one line that says where it was written.

    Raises:
        UsageError: the contract or the version cannot be read, or the file cannot be written.

    """
    configuration = configure(asked)
    spec = configuration.spec
    contract = contract_of(configuration) if spec.env.contract else None
    called = image or _newest(configuration)
    text = compose_text(spec, contract, called, spec.service.title, _exposed(configuration))
    if write is None:
        return text
    files = LocalFiles(Unrecorded(Redactor(), SystemClock()), configuration.project)
    files.write_durable(write.absolute(), text.encode())
    return f"wrote {write}\n"


def _exposed(configuration: Configuration) -> int | None:
    """The one port that the service's own Dockerfile exposes; None where it is not so plain."""
    name = dockerfile_name(configuration.spec.docker.files)
    try:
        file = parse_dockerfile(name, (configuration.project / name).read_bytes())
    except (OSError, Unavailable):
        return None
    words = [one.filled(word) for one in file.shipped() if one.name == "EXPOSE" for word in one.args]
    ports = {word.partition("/")[0] for word in words if not word.endswith("/udp")}
    return int(next(iter(ports))) if len(ports) == 1 and all(map(str.isdecimal, ports)) else None


def _newest(configuration: Configuration) -> str:
    spec = configuration.spec
    name = spec.service.version_file
    try:
        version = declared_version(name, lambda path: (configuration.project / path).read_bytes())
    except (OSError, ValueError) as error:
        hint = "declare the version there, or name an image with --image"
        raise UsageError(f"{name}: no [project].version can be read", hint) from error
    return f"{spec.docker.repository or spec.service.name}:{version}"
