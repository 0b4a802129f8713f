"""What layers were found to hold, so that none is read twice for the same question.

What follows from a layer holds as long as there is one of its digest: no answer is too old.
"""

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, Any

from hotelctl.core.kept import KeptResults
from hotelctl.core.layers import Asked, LayerAnswers, LayerFile, LayerQuestion
from hotelctl.core.ports import EvidenceLog

Files = Iterator[tuple[str, IO[bytes]]]
"""Each file of a layer by its path, with its content, which can be read again from its begin."""

Read = Callable[[Collection[str], Callable[[str, Files], None]], None]
"""Gives the files of each layer of these digests to what it is told."""

_EVER = datetime.min.replace(tzinfo=UTC)
_Key = tuple[str, str, tuple[str, ...], tuple[tuple[str, bytes], ...]]


@dataclass(frozen=True, slots=True)
class _Had:
    """An answer, and the ids of the records that it stands on."""

    answer: Any
    evidence: tuple[str, ...]


@dataclass(slots=True)
class AnsweredLayers:
    """Of this command; one thread at a time asks."""

    evidence: EvidenceLog
    _had: dict[_Key, _Had] = field(default_factory=dict)

    def answers(
        self, digests: tuple[str, ...], questions: Asked, kept: KeptResults, read: Read
    ) -> LayerAnswers:
        """Of layers of these digests; only those are read that lack an answer. Raises as `read` does."""
        with self.evidence.scope() as new:
            lacking = self._lacking(digests, questions, kept)
            if lacking:
                read(lacking, lambda digest, files: self._look(digest, files, lacking[digest], kept))
        had = {(one, digest): self._had[_key(one, digest)] for one in questions for digest in digests}
        older = dict.fromkeys(evidence for one in had.values() for evidence in one.evidence)
        self.evidence.adopt([one for one in older if one not in new])
        return LayerAnswers(digests, {key: one.answer for key, one in had.items()})

    def _lacking(self, digests: Collection[str], questions: Asked, kept: KeptResults) -> Mapping[str, Asked]:
        lacking = {one: [each for each in questions if not self._has(each, one, kept)] for one in digests}
        return {digest: those for digest, those in lacking.items() if those}

    def _has(self, one: LayerQuestion[Any], digest: str, kept: KeptResults) -> bool:
        key = _key(one, digest)
        if key not in self._had and (again := kept.again(one.shape, one.of(digest), _EVER)) is not None:
            self._had[key] = _Had(again.answer, again.evidence)
        return key in self._had

    def _look(self, digest: str, files: Files, questions: Asked, kept: KeptResults) -> None:
        began, looks, number = time.monotonic(), [one.look() for one in questions], 0
        with self.evidence.scope() as ids:
            for path, content in files:
                number += 1
                for look in looks:
                    content.seek(0)
                    look(LayerFile(digest, path, content.read))
            answers = [look.answer() for look in looks]
            told = {"operation": "read", "layer": digest, "files": number}
            asked = {"asked": [" ".join((one.question.program, *one.question.words)) for one in questions]}
            taken = {"looked_s": round(time.monotonic() - began, 3)}
            self.evidence.record("docker", told | asked | taken)
        for question, answer in zip(questions, answers, strict=True):
            self._had[_key(question, digest)] = _Had(answer, tuple(ids))
            kept.keep(question.shape, question.of(digest), answer, ids)


def _key(one: LayerQuestion[Any], digest: str) -> _Key:
    asked = one.of(digest)
    return str(one.shape), asked.program, asked.words, tuple(sorted(asked.inputs.items()))
