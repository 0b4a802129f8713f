"""Outside programs of Python wheels, in environments of their own: their pins never meet other ones.

Each is made at the first use, from hashed pins, below the user's cache directory, and serves every project.
"""

import os
import threading
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from hotelctl.adapters.compiled import Compiled
from hotelctl.adapters.reach import ANYWHERE, Reach
from hotelctl.adapters.sealed import Sealed
from hotelctl.config.own_files import own_file
from hotelctl.core.errors import HotelctlError, Unavailable
from hotelctl.core.ports import Files, Processes
from hotelctl.facts.installer_output import complaint

PINS = own_file("_tools.txt", "requirements", "tools.txt")
APART: Mapping[str, Path] = MappingProxyType(
    {"kingfisher": own_file("_kingfisher.txt", "requirements", "kingfisher.txt")}
)
"""Programs that few services ask for, each with pins of its own."""
MAKE = "hotelctl doctor --install-tools"
# A wheel's program is what its maintainers built; a source package would run theirs while installing. Who is
# cut off from the network shall not wait for a minute to hear it.
_FLAGS = ("--only-binary", ":all:", "--retries", "1", "--timeout", "10")


def home(environ: Mapping[str, str]) -> Path:
    """The directory of all tool environments of this user.

    Raises:
        Unavailable: the user has no home.

    """
    cache = environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(cache):  # noqa: PTH117 - the specification says that a relative one is to be ignored
        return Path(cache) / "hotelctl" / "tools"
    try:
        return Path(environ.get("HOME") or Path.home()) / ".cache" / "hotelctl" / "tools"
    except RuntimeError as error:
        raise Unavailable("this user has no home directory that could keep tools") from error


def pins_of(program: str) -> Path:
    """What the environment of that program is made from."""
    return APART.get(program, PINS)


class ToolEnvironment:
    """The environment of `pins`, and one for each program of `apart`.

    Each is looked at, and made, at most once in a command.
    """

    def __init__(
        self,
        processes: Processes,
        files: Files,
        environ: Mapping[str, str],
        reach: Reach = ANYWHERE,
        pins: Path = PINS,
        apart: Mapping[str, Path] = APART,
    ) -> None:
        """Keep the ports; nothing is made yet."""
        self._ports = (processes, files)
        self._environ = environ
        self._reach = reach
        self._pins = pins
        self._apart = {
            program: ToolEnvironment(processes, files, environ, reach, own, {})
            for program, own in apart.items()
        }
        self._compiled = Compiled(files)
        self._guard = threading.Lock()
        self._place: Path | None = None
        self._trouble = ""

    def path(self, program: str, asks: str = "") -> str:
        """Where `program` lies; its environment is made where it is not there yet.

        Raises:
            Unavailable: it cannot be made, or holds no such program, with what makes it; or the machine that
                it asks is another one, and only this one may be asked.

        """
        if program in self._apart:
            return self._apart[program].path(program, asks)
        self._reach.require(asks)
        with self._guard:
            if self._place is None and not self._trouble:
                self._make()
        if self._place is None:
            raise Unavailable(f"{program} is not here: {self._trouble}; {MAKE}")
        found = self._place / "bin" / program
        if not found.is_file():
            raise Unavailable(f"{program} is none of the tools that {self._pins.name} pins")
        return str(_behind(found))

    def lend(self, program: str, cache: Path) -> None:
        """What the program compiled of itself in an earlier run lies in its directory `cache`."""
        if self._place is not None:
            self._compiled.lend(self._place, program, cache)

    def keep(self, program: str, cache: Path) -> None:
        """What it compiled there now is lent to later runs."""
        if self._place is not None:
            self._compiled.keep(self._place, program, cache)

    def look(self) -> None:
        """What is there is known from now on; nothing is made."""
        with self._guard:
            if self._place is None and not self._trouble:
                self._place = self.there()

    def there(self, program: str = "") -> Path | None:
        """The environment, that of `program`, if it is whole now; nothing is made."""
        if program in self._apart:
            return self._apart[program].there()
        try:
            sealed, pins = self._sealed(), self._pins.read_bytes()
            return sealed.place(pins) if sealed.is_whole(pins) else None
        except (Unavailable, OSError):
            return None

    def _make(self) -> None:
        try:
            self._place = self.there()
            if self._place is not None:
                return
            sealed = self._sealed()
            with sealed.alone():
                done = sealed.made(self._pins, *_FLAGS)
        except Unavailable as trouble:
            self._trouble = trouble.reason
        except HotelctlError as refusal:
            self._trouble = refusal.message
        else:
            if done.ok:
                self._place = sealed.place(self._pins.read_bytes())
            else:
                self._trouble = (
                    f"pip cannot install it: {complaint(done.stderr) or done.tail(1) or 'no reason given'}"
                )

    def _sealed(self) -> Sealed:
        processes, files = self._ports
        return Sealed(processes, files, home(self._environ), self._reach, keep=True)


def _behind(script: Path) -> Path:
    """The program of a wheel whose script only hands over to it: an interpreter need not start for that."""
    name = script.name
    programs = script.parent.parent.glob(f"lib/*/site-packages/{name}/bin/{name}")
    return next((one for one in programs if os.access(one, os.X_OK)), script)
