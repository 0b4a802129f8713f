"""What an engine says while it sends an image to a registry, read message by message."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

# What trying again does not mend.
_FINAL = re.compile(
    r"denied|unauthorized|authentication required|no basic auth|invalid reference|does not exist|"
    r"repository name|manifest invalid|too large|quota",
    re.IGNORECASE,
)
_DONE = frozenset({"Pushed", "Layer already exists", "Mounted from"})


@dataclass(slots=True)
class PushProgress:
    """`digest` is the manifest's at the registry, empty until it is there; `error` the engine's refusal."""

    digest: str = ""
    error: str = ""
    _layers: dict[str, str] = field(default_factory=dict)

    def read(self, message: Mapping[str, Any]) -> Iterator[str]:
        """The lines that the message has for people: none for the bytes of a layer, one for its end."""
        if said := message.get("error"):
            self.error = " ".join(str(said).split())
        if isinstance(aux := message.get("aux"), Mapping) and aux.get("Digest"):
            self.digest = str(aux["Digest"])
        layer, status = str(message.get("id") or ""), str(message.get("status") or "")
        if not layer or not status or self._layers.get(layer) == status:
            return
        self._layers[layer] = status
        if status.startswith("Retrying"):
            yield f"{layer}: {status}"
        elif self._is_done(status):
            yield f"{layer}: {status.lower()}, {self.done} of {len(self._layers)} layers"

    @property
    def done(self) -> int:
        """How many layers are at the registry."""
        return sum(1 for status in self._layers.values() if self._is_done(status))

    @property
    def is_final(self) -> bool:
        """Whether the refusal stays one however often it is tried."""
        return bool(_FINAL.search(self.error))

    @staticmethod
    def _is_done(status: str) -> bool:
        return any(status.startswith(one) for one in _DONE)
