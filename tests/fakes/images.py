"""A container engine in memory, which has the images that a test puts there."""

from hotelctl.core.errors import Unavailable
from hotelctl.core.image_trials import Trial, TrialSetting
from hotelctl.core.images import BuiltImage
from hotelctl.core.kept import KeptResults
from hotelctl.core.layers import Asked, LayerAnswers
from hotelctl.core.ports import EvidenceLog
from tests.fakes.layers import FakeLayers


class FakeImages:
    """`there` are the images by their names, each with a layer of `files` above those of `below`.

    `trials` are had in turn.
    """

    def __init__(self, evidence: EvidenceLog) -> None:
        self._evidence = evidence
        self.there: dict[str, BuiltImage] = {}
        self.below: list[dict[str, bytes]] = []
        self.files: dict[str, bytes] = {}
        self.read = FakeLayers(evidence)
        self.trials: list[Trial] = []
        self.tries: list[TrialSetting] = []

    def inspected(self, name: str) -> BuiltImage:
        if name not in self.there:
            raise Unavailable(f"the container engine has no image {name}: build it before it is judged")
        self._evidence.record("docker", {"operation": "inspect", "image": name})
        return self.there[name]

    def layers(self, name: str, questions: Asked, kept: KeptResults) -> LayerAnswers:
        self.inspected(name)
        return self.read.answers([*self.below, self.files], questions, kept)

    def tried(self, setting: TrialSetting) -> Trial:
        self.inspected(setting.image)
        self.tries.append(setting)
        return self.trials.pop(0)
