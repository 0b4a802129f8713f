"""Templates as Jinja compiled them, kept below the user's cache directory: that takes longer than the rest.

A kept one is used only by the same Python, Jinja, template and code of this package, since what a filter
makes of a constant is a part of it. Who cannot read or write there compiles each time.
"""

import marshal
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment, FunctionLoader, StrictUndefined, Template
from jinja2.bccache import Bucket

from hotelctl.render.templates import template

# Two a version of the code: whoever works on several checkouts has those of each.
_MOST = 64


def compiled(name: str, filters: Mapping[str, Any], **options: Any) -> Template:  # noqa: ANN401 - as Jinja names them
    """Template `name`; blocks leave no empty lines, and what is not defined is an error."""
    environment = Environment(  # noqa: S701 - whoever asks says what escapes
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(template),
        bytecode_cache=_OnDisk(),
        **options,
    )
    environment.filters |= filters
    return environment.get_template(name)


class _OnDisk(BytecodeCache):
    """One file a template, with the digest of what it holds before it."""

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError, RuntimeError, ValueError, EOFError, TypeError):
            place = _place(bucket)
            data = place.read_bytes() if _only_ours(place.parent) else b""
            if data == _sealed(data[64:]):
                bucket.code = marshal.loads(data[64:])  # noqa: S302 - this user's own, as Python's caches are

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError, RuntimeError):
            place = _place(bucket)
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _only_ours(place.parent):
                return
            part = place.with_name(f".{place.name}.{os.getpid()}")
            part.write_bytes(_sealed(marshal.dumps(bucket.code)))
            part.replace(place)
            for path in sorted(place.parent.iterdir(), key=_written_at)[:-_MOST]:
                path.unlink(missing_ok=True)


def _only_ours(directory: Path) -> bool:
    """Whether nobody else, but root, put there what is run: a cache may lie where others write, too."""
    state = directory.stat()
    return state.st_uid == os.geteuid() and not state.st_mode & 0o022


def _written_at(path: Path) -> float:
    return path.stat().st_mtime


def _sealed(body: bytes) -> bytes:
    return sha256(body).hexdigest().encode() + body


def _place(bucket: Bucket) -> Path:
    """Raises `RuntimeError` where the user has no home."""
    said = os.environ.get("XDG_CACHE_HOME", "")
    cache = Path(said) if os.path.isabs(said) else Path.home() / ".cache"  # noqa: PTH117 - see adapters/tools
    ground = f"{bucket.key} {bucket.checksum} {sys.version} {version('jinja2')} {_code()}"
    return cache / "hotelctl" / "templates" / sha256(ground.encode()).hexdigest()


def _code() -> str:
    states = ((path.name, path.stat()) for path in sorted(Path(__file__).parent.glob("*.py")))
    return repr([(name, state.st_size, state.st_mtime_ns) for name, state in states])
