"""A builder of images in memory."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hotelctl.core.errors import StepFailed
from hotelctl.core.image_builds import MadeImage, Recipe
from hotelctl.core.images import BuiltImage
from hotelctl.core.layers import Asked, LayerAnswers
from tests.fakes.evidence import FakeEvidence
from tests.fakes.layers import FakeLayers


@dataclass
class FakeBuilds:
    """`names` are the ids by their names, `recipes` what was built; `refuses` is said of each build.

    `pushed` are names in order, `files` those of each image. Names that end with `broken` are not given.
    """

    names: dict[str, str] = field(default_factory=dict)
    images: dict[str, MadeImage] = field(default_factory=dict)
    recipes: list[Recipe] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    forgotten: int = 0
    refuses: str = ""
    broken: str = ""
    pushed: list[str] = field(default_factory=list)

    def build(self, recipe: Recipe, said: Callable[[str], None]) -> MadeImage:
        if self.refuses:
            raise StepFailed(self.refuses)
        said("1/1 FROM scratch")
        self.recipes.append(recipe)
        digest = hashlib.sha256(repr(sorted(recipe.labels.items())).encode()).hexdigest()
        return self.images.setdefault(
            f"sha256:{digest}", MadeImage(f"sha256:{digest}", 5_000_000, recipe.labels)
        )

    def named(self, name: str) -> MadeImage | None:
        return self.images.get(self.names.get(name) or (name if name in self.names.values() else ""))

    def inspected(self, name: str) -> BuiltImage:
        made = self.images[self.names[name]]
        return BuiltImage(name, made.id, "10001", (), ("CMD", "true"), made.labels, (), made.size_bytes)

    def layers(self, name: str, questions: Asked) -> LayerAnswers:
        assert name in self.names
        return FakeLayers(FakeEvidence()).answers([self.files], questions)

    def forget(self) -> None:
        self.forgotten += 1

    def push(self, name: str, said: Callable[[str], None], limit_s: float) -> str:
        assert limit_s > 0
        said(f"{name}: pushed")
        self.pushed.append(name)
        return f"sha256:{hashlib.sha256(self.names[name].encode()).hexdigest()}"

    def name(self, image_id: str, names: Sequence[str]) -> None:
        assert image_id in self.images
        if self.broken and any(one.endswith(self.broken) for one in names):
            raise StepFailed("the engine is away")
        self.names |= dict.fromkeys(names, image_id)

    def unname(self, image_id: str, names: Sequence[str]) -> None:
        for one in names:
            if self.names.get(one) == image_id:
                del self.names[one]
