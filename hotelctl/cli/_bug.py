"""The log file of a bug: versions, command line and traceback, without secrets."""

import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path

from hotelctl.cli._places import STATE
from hotelctl.cli._version import installed_version


def kept(error: Exception, redact: Callable[[str], str]) -> str:
    """Where the log of `error` stands: in the state directory, else among temporary files, else nowhere."""
    now = datetime.now(UTC)
    name = f"hotelctl-bug-{now:%Y%m%dT%H%M%SZ}-{os.getpid()}.log"
    text = redact("\n".join(_lines(error, now)))
    for directory in (Path.cwd() / STATE, Path(tempfile.gettempdir())):
        with suppress(OSError):
            return _written(directory / name, text)
    sys.stderr.write(text)
    return "the text above"


def _written(path: Path, text: str) -> str:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as log:
        log.write(text)
    inside = path.is_relative_to(Path.cwd())
    return str(path.relative_to(Path.cwd()) if inside else path)


def _lines(error: Exception, now: datetime) -> Iterator[str]:
    yield f"hotelctl {installed_version()}, {now.isoformat()}"
    yield f"python {platform.python_version()} on {platform.platform()}"
    yield f"command line: {sys.argv!r}"
    yield ""
    yield "".join(traceback.format_exception(error))
    yield from sorted({f"{d.name} {d.version}" for d in distributions()})
    yield ""
