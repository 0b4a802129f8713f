"""Dockerfiles: instructions with the variables known at each, stages, and what each stage stands on."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from e2b_dockerfile_utils import ShellLex

from hotelctl.facts.image_reference import ImageReference, read_reference
from hotelctl.facts.secret import Secret

_DEFAULTED = re.compile(r"\$\{(?P<name>\w+):?-(?P<default>[^{}$]*)\}")


def filled(text: str, known: Mapping[str, str], escape: str = "\\") -> str:
    """`text` with variables filled in and quotes taken off; of an unknown one its `${X:-default}` counts."""
    try:
        done = str(ShellLex(escape, env=known).process_word(text))
    except ValueError:
        return text
    return _DEFAULTED.sub(lambda hit: hit["default"] if hit["name"] not in known else hit[0], done)


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction in upper case; `text` is its line with continuations joined.

    `known` are the variables that the file itself gives a value up to here; `pairs` are the names and
    values, filled in, that an `ARG`, `ENV` or `LABEL` sets, None for an argument without a default.
    """

    name: str
    line: int
    text: str
    flags: tuple[str, ...]
    args: tuple[str, ...]
    is_json: bool
    heredocs: tuple[str, ...] = ()
    known: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    pairs: tuple[tuple[str, str | None], ...] = field(default=(), repr=False)
    escape: str = "\\"

    def filled(self, text: str) -> str:
        """`text` with the known variables in place; unknown ones stay as they are written."""
        return filled(text, self.known, self.escape)

    def flag(self, name: str) -> str | None:
        """The value of `--name=value`; None when it is not given."""
        begin = f"--{name}="
        return next((one.removeprefix(begin) for one in self.flags if one.startswith(begin)), None)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage; `parent` is the number of the stage that it stands on, None for an image from elsewhere."""

    number: int
    name: str | None
    start: Instruction
    base: ImageReference
    parent: int | None
    instructions: tuple[Instruction, ...]


@dataclass(frozen=True, slots=True)
class ImageUse:
    """An image from elsewhere and the instruction that takes it."""

    image: ImageReference
    where: Instruction


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """One file; `path` is relative to the project. `secrets` are values that no excerpt may show."""

    path: str
    stages: tuple[Stage, ...]
    source: bytes = field(repr=False)
    secrets: tuple[Secret, ...] = ()

    @property
    def final(self) -> Stage:
        """The stage that becomes the image."""
        return self.stages[-1]

    def lineage(self, stage: Stage) -> tuple[Stage, ...]:
        """The stages that `stage` is built upon, the first one first, itself last."""
        found = [stage]
        while found[0].parent is not None:
            found.insert(0, self.stages[found[0].parent])
        return tuple(found)

    def shipped(self) -> tuple[Instruction, ...]:
        """All instructions whose result is in the image, in order."""
        return tuple(one for stage in self.lineage(self.final) for one in stage.instructions)

    def every(self, *names: str) -> Iterator[tuple[Stage, Instruction]]:
        """All instructions of these names with their stages."""
        for stage in self.stages:
            yield from ((stage, one) for one in stage.instructions if one.name in names)

    def images(self) -> Iterator[ImageUse]:
        """Every image from elsewhere: of FROM, of COPY --from and of RUN --mount=from."""
        for stage in self.stages:
            if stage.parent is None and not stage.base.is_scratch:
                yield ImageUse(stage.base, stage.start)
            for one in stage.instructions:
                for name in _taken_from(one):
                    if not self._is_stage(name, stage.number):
                        yield ImageUse(read_reference(name), one)

    def _is_stage(self, name: str, before: int) -> bool:
        return name.isdigit() or any(stage.name == name.lower() for stage in self.stages[:before])


def _taken_from(one: Instruction) -> Iterator[str]:
    if one.name in ("COPY", "ADD") and (name := one.flag("from")):
        yield one.filled(name)
    if one.name == "RUN":
        for mount in (flag for flag in one.flags if flag.startswith("--mount=")):
            parts = dict(part.partition("=")[::2] for part in mount.removeprefix("--mount=").split(","))
            if parts.get("from"):
                yield one.filled(parts["from"])


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that is named like a Dockerfile and cannot be read as one; `why` names file and line."""

    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Dockerfiles:
    """All Dockerfiles of the project, the service's own first; `unread` are those that nobody could judge."""

    files: tuple[Dockerfile, ...]
    unread: tuple[Unread, ...] = ()
