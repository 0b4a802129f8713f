"""The simple commands of a shell text, as far as a reader without a shell can tell them."""

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hotelctl.facts.dockerfile import Instruction

SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh", "ksh"})
_OPERATOR = re.compile(r"[();<>|&]+")
_HEREDOC = re.compile(r"\d*<<-?\s*[\"']?\w+[\"']?")
_ASSIGNMENT = re.compile(r"\w+=.*", re.DOTALL)
_WRAPPERS = frozenset({"sudo", "env", "exec", "nohup", "time", "command", "nice"})
_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SimpleCommand:
    """One program with its words; `before` is the operator that connects it with the command before."""

    words: tuple[str, ...]
    before: str = ""

    @property
    def program(self) -> str:
        """The last part of the program's name."""
        return self.words[0].rpartition("/")[2]

    @property
    def options(self) -> tuple[str, ...]:
        """The words that begin with a dash."""
        return tuple(word for word in self.words[1:] if word.startswith("-"))


def shell_text(run: Instruction) -> str:
    """What the shell is given by a RUN, a CMD or an ENTRYPOINT; of another program's input nothing."""
    if run.is_json:
        return _inline(run.args) or shlex.join(run.args)
    first = " ".join(run.args)
    if not run.heredocs:
        return first
    line = _HEREDOC.sub(" ", first).strip()
    reader = line.split()[0].rpartition("/")[2] if line else "sh"
    return "\n".join(run.heredocs) if reader in SHELLS else line


def _inline(argv: Sequence[str]) -> str | None:
    """The script after `sh -c`, wherever it stands; None where there is none."""
    for n, word in enumerate(argv[:-2]):
        if word.rpartition("/")[2] in SHELLS and re.fullmatch(r"-[a-z]*c[a-z]*", argv[n + 1]):
            return argv[n + 2]
    return None


def inline_script(argv: Sequence[str]) -> str | None:
    """The script that an argument list hands to a shell by `-c`; None where it starts no shell so."""
    return _inline(argv)


def simple_commands(text: str) -> tuple[SimpleCommand, ...]:
    """The commands in order, wrappers such as sudo and assignments in front taken off."""
    return tuple(_commands(_COMMENT.sub("", text).replace("\\\n", " ").replace("\n", " ; ")))


def _commands(text: str) -> Iterator[SimpleCommand]:
    words: list[str] = []
    before = ""
    tokens = iter(_tokens(text.strip(" ;")))
    for token in tokens:
        if not _OPERATOR.fullmatch(token):
            words.append(token)
            continue
        if set(token) & {"<", ">"} and "(" not in token:
            next(tokens, None)  # the file, which is no word of the command
            continue
        yield from _made(words, before)
        words, before = [], token
    yield from _made(words, before)


def _tokens(text: str) -> list[str]:
    reader = shlex.shlex(text, posix=True, punctuation_chars=True)
    reader.whitespace_split = True
    reader.commenters = ""
    try:
        return list(reader)
    except ValueError:  # a quote that is never closed: read on without quotes
        return re.findall(r"[();<>|&]+|[^\s();<>|&]+", text)


def _made(words: Sequence[str], before: str) -> Iterator[SimpleCommand]:
    left = list(words)
    while left:
        if _ASSIGNMENT.fullmatch(left[0]) or left[0] in ("!", "{", "then", "do", "else", "if", "while"):
            left = left[1:]
        elif left[0].rpartition("/")[2] in _WRAPPERS:
            left = left[1:]
            while left and left[0].startswith("-"):
                left = left[1:]
        else:
            yield SimpleCommand(tuple(left), before)
            return
