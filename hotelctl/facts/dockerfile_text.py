"""Reading a Dockerfile: the parser is a port of the engine's own; this adds stages and variables."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from e2b_dockerfile_utils import (
    DockerfileInstruction,
    DockerfileSyntaxError,
    parse_dockerfile_ast,
)

from hotelctl.core.errors import Unavailable
from hotelctl.facts.docker_secrets import hidden_values
from hotelctl.facts.dockerfile import Dockerfile, Instruction, Stage, filled
from hotelctl.facts.image_reference import read_reference

MOST_BYTES = 1_000_000
# Source: moby/buildkit frontend/dockerfile/parser: a longer line is refused by the engine, too.
MOST_BYTES_A_LINE = 65_535
# An image has at most 127 layers; what is longer was written to be slow.
MOST_INSTRUCTIONS = 2_000
_NAMED_FROM = 3
_SETS = ("ARG", "ENV", "LABEL")


def parse_dockerfile(path: str, data: bytes, given: Mapping[str, str] | None = None) -> Dockerfile:
    """The file with its stages; `given` are the arguments that it is built with.

    Raises:
        Unavailable: it is empty, too long, not UTF-8, or no Dockerfile; names file and line.

    """
    text = _text(path, data)
    try:
        tree = parse_dockerfile_ast(text)
    except DockerfileSyntaxError as error:
        raise Unavailable(f"{_place(path, error.line)}: {_said(error)}") from error
    except RecursionError as error:
        raise Unavailable(f"{path}: an instruction is nested too deeply to be read") from error
    if len(tree.instructions) > MOST_INSTRUCTIONS:
        raise Unavailable(f"{path}: has more than {MOST_INSTRUCTIONS} instructions")
    reader = _Reader(path, tree.escape_token, given or {})
    for node in tree.instructions:
        reader.take(node)
    stages = reader.done()
    return Dockerfile(path, stages, data, hidden_values(stages))


def _text(path: str, data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise Unavailable(f"{path}: has {len(data)} bytes; more than {MOST_BYTES} are not read")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unavailable(f"{path}:{_line(data, error.start)}: is not UTF-8") from error
    if b"\0" in data:
        raise Unavailable(f"{path}:{_line(data, data.index(0))}: holds a NUL byte")
    for number, line in enumerate(data.split(b"\n"), start=1):
        if len(line) > MOST_BYTES_A_LINE:
            raise Unavailable(
                f"{path}:{number}: is longer than {MOST_BYTES_A_LINE} bytes; no engine reads it"
            )
    if not text.strip():
        raise Unavailable(f"{path}: is empty")
    return text


def _stage_pattern(image: str) -> re.Pattern[str]:
    """What stage names are held against: an open variable, such as the platform, may be anything."""
    parts = re.split(r"\$\{[^}]*\}|\$\w+", image.lower())
    return re.compile(".*".join(map(re.escape, parts)) if any(parts) else re.escape(image.lower()))


def _line(data: bytes, place: int) -> int:
    return data[:place].count(b"\n") + 1


def _place(path: str, line: int | None) -> str:
    return f"{path}:{line}" if line else path


def _said(error: DockerfileSyntaxError) -> str:
    """The parser's words without what the file says: that may be a secret that lost its instruction."""
    said = str(error).partition(": ")[2]
    if said.startswith("failed to process"):
        return "a word has quotes or braces that do not match"
    return said.partition(":")[0].partition(' in "')[0]


@dataclass(slots=True)
class _Reader:
    """Takes instructions in order; `outer` are the arguments before the first FROM, some of them `given`."""

    path: str
    escape: str
    given: Mapping[str, str]
    outer: dict[str, str] = field(default_factory=dict)
    stages: list[Stage] = field(default_factory=list)
    body: list[Instruction] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)
    left: list[Mapping[str, str]] = field(default_factory=list)

    def take(self, node: DockerfileInstruction) -> None:
        """Add one instruction to the stage that it stands in."""
        if node.name == "FROM":
            self._close()
            self._open(node)
        elif self.stages:
            self.body.append(self._made(node, self.known))
        elif node.name == "ARG":
            made = self._made(node, self.outer)
            values = {name: self.given.get(name, value) for name, value in made.pairs}
            self.outer |= {name: value for name, value in values.items() if value is not None}
        else:
            raise Unavailable(f"{self.path}:{node.start_line}: {node.name} stands before the first FROM")

    def done(self) -> tuple[Stage, ...]:
        """All stages. Raises `Unavailable` when there is none."""
        self._close()
        if not self.stages:
            raise Unavailable(f"{self.path}: has no FROM instruction")
        return tuple(self.stages)

    def _open(self, node: DockerfileInstruction) -> None:
        start = self._made(node, self.outer)
        words = start.args
        if not (len(words) == 1 or (len(words) == _NAMED_FROM and words[1].lower() == "as")):
            raise Unavailable(f"{self.path}:{node.start_line}: FROM takes an image and at most AS and a name")
        image = start.filled(words[0])
        name = words[2].lower() if len(words) == _NAMED_FROM else None
        named = _stage_pattern(image)
        parents = [stage.number for stage in self.stages if stage.name and named.fullmatch(stage.name)]
        parent = parents[-1] if parents else None
        self.known = dict(self.left[parent]) if parent is not None else {}
        stage = Stage(len(self.stages), name, start, read_reference(image), parent, ())
        self.stages.append(stage)

    def _close(self) -> None:
        if self.stages and len(self.left) < len(self.stages):
            last = self.stages[-1]
            self.stages[-1] = Stage(
                last.number, last.name, last.start, last.base, last.parent, tuple(self.body)
            )
            self.left.append(dict(self.known))
            self.body = []

    def _made(self, node: DockerfileInstruction, known: dict[str, str]) -> Instruction:
        before = MappingProxyType(dict(known))
        pairs = tuple(self._pairs(node, before)) if node.name in _SETS else ()
        if node.name in ("ARG", "ENV"):
            known |= {name: value for name, value in pairs if value is not None}
        return Instruction(
            node.name,
            node.start_line,
            node.original,
            tuple(node.flags),
            tuple(node.args),
            node.json,
            tuple(one.content for one in node.heredocs),
            before,
            pairs,
            self.escape,
        )

    def _pairs(
        self, node: DockerfileInstruction, known: Mapping[str, str]
    ) -> Iterator[tuple[str, str | None]]:
        if node.name == "ARG":
            for word in node.args:
                name, equals, value = word.partition("=")
                yield name, filled(value, known, self.escape) if equals else self.outer.get(name)
            return
        triples: Sequence[str] = node.args
        for name, value in zip(triples[::3], triples[1::3], strict=False):
            yield filled(name, known, self.escape), filled(value, known, self.escape)
