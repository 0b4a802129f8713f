"""Where values that are live also stand in a template, which everybody copies and everybody reads."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from hotelctl.facts.encoding import as_text
from hotelctl.facts.placeholder import placeholder
from hotelctl.facts.secret import Secret
from hotelctl.facts.secret_copies import Copies, SecretCopy, SecretValues, copies, secrets_in

# What may stand around a whole value in any format.
_BEFORE, _AFTER = r"(?<![^\s\"'`=:,({\[>])", r"(?![^\s\"'`,;)}\]<#@&])"


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


def template_copies(
    live: Iterable[LiveSecret], files: Mapping[str, bytes], mark: Callable[[str], str]
) -> Copies:
    """Each line of each file that holds one of them; a short or common one only beside its own name."""
    live = tuple(live)
    values = SecretValues.of((one.file, one.name, one.value.reveal()) for one in live)
    told = copies(values.known, files, mark)
    found = list(told.found)
    seen = {(one.path, one.line) for one in found}
    for path, content in files.items():
        found += [
            one for one in _beside_their_names(live, path, content, mark) if (path, one.line) not in seen
        ]
    return Copies(tuple(found), told.doubts)


def _beside_their_names(
    live: Iterable[LiveSecret], path: str, content: bytes, mark: Callable[[str], str]
) -> Iterator[SecretCopy]:
    """One for each line, with all names whose value stands there as a whole."""
    text = as_text(content)
    folded = text.lower()
    names: dict[tuple[int, str], list[str]] = {}
    # Most names stand nowhere: a large file is not gone through line by line for those.
    for one in (one for one in live if one.name.lower() in folded):
        for value in secrets_in(one.value.reveal()):
            if placeholder(value) is None:
                for line in _lines_with(one.name, value, text):
                    names.setdefault((line, value), []).append(one.told)
    for (number, value), told in names.items():
        yield SecretCopy(tuple(dict.fromkeys(told)), path, number, mark(value), encoded=False)


def _lines_with(name: str, value: str, text: str) -> Iterator[int]:
    """Lines, from 1, on which the value stands as a whole after the name."""
    whole = re.compile(_BEFORE + re.escape(value) + _AFTER)
    named = re.compile(rf"(?i)(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])")
    line, counted, end = 1, 0, -1
    for hit in named.finditer(text):
        if hit.start() < end:
            continue
        line, counted = line + text.count("\n", counted, hit.start()), hit.start()
        end = text.find("\n", hit.end())
        end = len(text) if end < 0 else end
        if whole.search(text, hit.end(), end):
            yield line
