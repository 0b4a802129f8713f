"""A throw-away database that is told by its address before it is made."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Later:
    """`url` is where it will be; `make` makes it and gives the URL that it has then.

    They differ where the socket cannot lie beside the data, which is known when it is made.
    """

    url: str
    make: Callable[[], str]
    is_made: bool = False
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def made(self) -> str:
        """The owner's URL; who asks while it is made waits. What could not be made is tried again."""
        with self._guard:
            if not self.is_made:
                self.url = self.make()
                self.is_made = True
            return self.url
