"""Layers of an image in memory, which are read as the real ones are."""

import io
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import IO

from hotelctl.adapters.layer_answers import AnsweredLayers
from hotelctl.core.kept import KeptResults, NothingKept
from hotelctl.core.layers import Answer, Asked, LayerAnswers, LayerQuestion
from hotelctl.core.ports import EvidenceLog
from tests.fakes.evidence import FakeEvidence

Layer = Mapping[str, bytes]
_NOTHING = NothingKept()


class FakeLayers:
    """`reads` are the digests of those that were read, in order."""

    def __init__(self, evidence: EvidenceLog) -> None:
        self._answered = AnsweredLayers(evidence)
        self.reads: list[str] = []

    def answers(
        self, layers: Sequence[Layer], questions: Asked, kept: KeptResults = _NOTHING
    ) -> LayerAnswers:
        """What they say of each layer."""
        there = {digest(one): one for one in layers}

        def read(
            wanted: Collection[str], take: Callable[[str, Iterator[tuple[str, IO[bytes]]]], None]
        ) -> None:
            for one in wanted:
                self.reads.append(one)
                take(one, ((path, io.BytesIO(content)) for path, content in there[one].items()))

        return self._answered.answers(tuple(map(digest, layers)), questions, kept, read)


def digest(layer: Layer) -> str:
    return f"sha256:{sha256(repr(layer).encode()).hexdigest()}"


def asked(question: LayerQuestion[Answer], *layers: Layer) -> tuple[Answer, ...]:
    """What one question says of each layer."""
    return FakeLayers(FakeEvidence()).answers(layers, (question,)).of(question)
