"""Where values that are live also stand in a template, which everybody copies and everybody reads."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from hotelctl.facts.secret import Secret
from hotelctl.facts.secret_copies import SecretCopy, SecretValues, copies

_TEMPLATE = re.compile(r"(?i)(?:^|[._-])(?:example|sample|template|tmpl|tpl|dist)(?:[._-]|$)")
# What may stand around a whole value in any format.
_BEFORE, _AFTER = r"(?<![^\s\"'`=:,(\[>])", r"(?![^\s\"'`,;)\]<#])"


@dataclass(frozen=True, slots=True)
class LiveSecret:
    """One value under its name; `file` is the env file that holds it, empty for what comes from none."""

    file: str
    name: str
    value: Secret

    @property
    def told(self) -> str:
        """The name, and where it is set."""
        return f"{self.name} of {self.file}" if self.file else self.name


@dataclass(frozen=True, slots=True)
class LiveSecrets:
    """Everything that is set under the name of a secret, in any environment that is known here."""

    known: tuple[LiveSecret, ...]


@dataclass(frozen=True, slots=True)
class TemplateCopies:
    """What was found of `values` values in the `templates`; `doubts` says by path why one was not read."""

    values: int
    templates: tuple[str, ...]
    copies: tuple[SecretCopy, ...]
    doubts: Mapping[str, str]


def is_template(path: str) -> bool:
    """Whether the file is there to be copied and filled in, by its name."""
    return _TEMPLATE.search(PurePosixPath(path).name) is not None


def template_copies(
    live: Iterable[LiveSecret], files: Mapping[str, bytes], mark: Callable[[str], str]
) -> tuple[SecretCopy, ...]:
    """Each line of each file that holds one of them; a short or common one only beside its own name."""
    live = tuple(live)
    values = SecretValues.of((one.file, one.name, one.value.reveal()) for one in live)
    found = list(copies(values.known, files, mark))
    seen = {(one.path, one.line) for one in found}
    for path, content in files.items():
        found += [
            one for one in _beside_their_names(live, path, content, mark) if (path, one.line) not in seen
        ]
    return tuple(found)


def _beside_their_names(
    live: Iterable[LiveSecret], path: str, content: bytes, mark: Callable[[str], str]
) -> Iterator[SecretCopy]:
    """One for each line, with all names whose value stands there as a whole."""
    lines = content.decode("utf-8", "replace").splitlines()
    names: dict[tuple[int, str], list[str]] = {}
    for one in live:
        value = one.value.reveal()
        whole = re.compile(_BEFORE + re.escape(value) + _AFTER)
        named = re.compile(rf"(?i)(?<![A-Za-z0-9]){re.escape(one.name)}(?![A-Za-z0-9])")
        for number, line in enumerate(lines, 1):
            place = named.search(line)
            if place and whole.search(line, place.end()):
                names.setdefault((number, value), []).append(one.told)
    for (number, value), told in names.items():
        yield SecretCopy(tuple(dict.fromkeys(told)), path, number, mark(value), encoded=False)
