"""A container engine in memory, which has the images that a test puts there."""

import io
from collections.abc import Callable

from hotelctl.core.errors import Unavailable
from hotelctl.core.image_trials import Trial, TrialSetting
from hotelctl.core.images import BuiltImage, LayerFile
from hotelctl.core.ports import EvidenceLog


class FakeImages:
    """`there` are the images by their names, each with one layer of `files`; `trials` are had in turn."""

    def __init__(self, evidence: EvidenceLog) -> None:
        self._evidence = evidence
        self.there: dict[str, BuiltImage] = {}
        self.files: dict[str, bytes] = {}
        self.trials: list[Trial] = []
        self.tries: list[TrialSetting] = []

    def inspected(self, name: str) -> BuiltImage:
        if name not in self.there:
            raise Unavailable(f"the container engine has no image {name}: build it before it is judged")
        self._evidence.record("docker", {"operation": "inspect", "image": name})
        return self.there[name]

    def each_file(self, name: str, look: Callable[[LayerFile], None]) -> int:
        digest = self.inspected(name).digest
        for path, content in self.files.items():
            look(LayerFile(1, digest, path, io.BytesIO(content).read))
        return 1

    def tried(self, setting: TrialSetting) -> Trial:
        self.inspected(setting.image)
        self.tries.append(setting)
        return self.trials.pop(0)
