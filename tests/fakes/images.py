"""A container engine in memory, which has the images that a test puts there."""

from hotelctl.core.errors import Unavailable
from hotelctl.core.images import BuiltImage
from hotelctl.core.ports import EvidenceLog


class FakeImages:
    """`there` are the images by their names."""

    def __init__(self, evidence: EvidenceLog) -> None:
        self._evidence = evidence
        self.there: dict[str, BuiltImage] = {}

    def inspected(self, name: str) -> BuiltImage:
        if name not in self.there:
            raise Unavailable(f"the container engine has no image {name}: build it before it is judged")
        self._evidence.record("docker", {"operation": "inspect", "image": name})
        return self.there[name]
