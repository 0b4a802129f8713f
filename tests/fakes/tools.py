"""Tools that are all there, or not, as a test says."""

from pathlib import Path

from hotelctl.core.errors import Unavailable


class FakeTools:
    """Programs lie in /tools/bin; `trouble` says why none is there."""

    def __init__(self) -> None:
        self.trouble = ""
        self.asked: list[str] = []

    def look(self) -> None:
        """Nothing need be looked for."""

    def lend(self, program: str, cache: Path) -> None:
        """Nothing was compiled."""

    def keep(self, program: str, cache: Path) -> None:
        """Nothing is kept."""

    def path(self, program: str, asks: str = "") -> str:
        """Where it would lie. Raises `Unavailable` where a test said so."""
        self.asked.append(asks)
        if self.trouble:
            raise Unavailable(f"{program} is not here: {self.trouble}")
        return f"/tools/bin/{program}"
