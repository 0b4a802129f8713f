"""What a POSIX shell makes of an env file that it reads with `set -a; . ./FILE`.

Words are taken apart as the shell does; nothing is run. Where the value would come from a running
program or from this machine, it is left open. Source: POSIX.1-2017, Shell Command Language, 2.2-2.10.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from hotelctl.facts.env_reading import Reading, Refused, Taken
from hotelctl.facts.secret import Secret

_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BRACED = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?-)([A-Za-z0-9_./:@%+,-]*))?\}")
_RESERVED = frozenset(
    {"!", "{", "}", "case", "do", "done", "elif", "else", "esac", "fi", "for", "if", "then", "until", "while"}
)
_RUNS = "the shell runs a command there"
_OPEN = "the shell puts something of its own there"


class _Stop(Exception):
    """The shell gives the file up."""


@dataclass(slots=True)
class _Word:
    text: str = ""
    literal: int | None = None  # how much of it stood there without quotes and expansions, None: all
    open: str = ""

    def spoil(self) -> None:
        """From here on nothing counts as a name or a reserved word."""
        self.literal = len(self.text) if self.literal is None else self.literal

    @property
    def assigns(self) -> bool:
        """Whether the shell takes it for an assignment."""
        hit = _ASSIGNMENT.match(self.text)
        return hit is not None and (self.literal is None or hit.end() <= self.literal)


@dataclass(slots=True)
class _Shell:
    text: str
    process: Mapping[str, str]
    at: int = 0
    taken: dict[str, Taken] = field(default_factory=dict)
    listed: list[str] = field(default_factory=list)
    joined: bool = False  # whether the next command runs depends on the one before, or apart from this shell

    @property
    def line(self) -> int:
        return self.text.count("\n", 0, self.at) + 1

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self) -> str:
        self.at += 1
        return self.text[self.at - 1]

    def known(self, name: str) -> str | None:
        if name in self.taken:
            value = self.taken[name].value
            return value.reveal() if value is not None else None
        return self.process.get(name, "")

    def command(self) -> None:
        """One simple command up to its end; its assignments count where it is made of them alone."""
        words: list[tuple[int, _Word]] = []
        redirected = False
        while (sign := self.peek()) and sign not in "\n;&|":
            if sign in " \t":
                self.at += 1
            elif sign == "#":
                self.at = (self.text + "\n").index("\n", self.at)
            elif sign in "<>":
                self.at, redirected = self.at + 1, True
            elif sign in "()":
                raise _Stop("has a bracket without quotes")
            else:
                line, word = self.line, self.word()
                words += [(line, word)] if word.text or word.literal is not None else []
        end = self.end(words)
        if words:
            self.run(words, away=redirected or self.joined or end in {"&", "|"})
            self.join(end)
        elif self.joined and not end:
            raise _Stop("ends where another command should follow")

    def join(self, end: str) -> None:
        """A list of commands goes on, or is over; one in the background leaves nothing behind."""
        self.joined = end in {"&&", "|"}
        if end == "&":
            for name in self.listed:
                self.taken[name] = replace(self.taken[name], value=None, why=_RUNS)
        if not self.joined:
            self.listed.clear()

    def end(self, words: list[tuple[int, _Word]]) -> str:
        sign = self.peek()
        if sign in ";&|" and sign and not words:
            raise _Stop(f"has {sign!r} where a command should be")
        self.at += 1
        if sign in "&|" and sign and self.peek() == sign:
            self.at += 1
            return "&&"
        if sign == ";" and self.peek() == ";":
            raise _Stop("has ';;' where a command should be")
        return sign

    def run(self, words: list[tuple[int, _Word]], *, away: bool) -> None:
        head = 0
        while head < len(words) and words[head][1].assigns:
            head += 1
        if head == 0 and words[0][1].literal is None and words[0][1].text in _RESERVED:
            raise _Stop("is a line of a program")
        export = head == 0 and words[0][1].text == "export"
        effective = head == len(words) or export
        for line, word in words[export or 0 :] if export else words[:head]:
            if not _ASSIGNMENT.match(word.text):
                continue
            name, _, value = word.text.partition("=")
            why = word.open or ("" if effective and not away else _RUNS)
            if effective or name not in self.taken:
                self.taken[name] = Taken(line, None if why else Secret(value), why)
                self.listed.append(name)

    def word(self) -> _Word:
        word = _Word()
        while (sign := self.peek()) and sign not in " \t\n;&|<>()":
            self.part(word)
        return word

    def part(self, word: _Word) -> None:
        sign = self.take()
        if sign == "\\" and self.peek() == "\n":
            self.at += 1
            return
        if sign in "'\"\\$`":
            word.spoil()
        if sign == "'":
            end = self.text.find("'", self.at)
            if end < 0:
                raise _Stop("opens a quote that nothing closes")
            word.text, self.at = word.text + self.text[self.at : end], end + 1
        elif sign == '"':
            self.double(word)
        elif sign == "\\":
            word.text += self.take() if self.peek() else "\\"
        elif sign in "$`":
            self.expand(sign, word)
        else:
            if sign == "~" and word.text.endswith(("=", ":")):
                word.open = _OPEN
            word.text += sign

    def double(self, word: _Word) -> None:
        while True:
            if not self.peek():
                raise _Stop("opens a quote that nothing closes")
            sign = self.take()
            if sign == '"':
                return
            if sign == "\\" and self.peek() and self.peek() in '$`"\\\n':
                escaped = self.take()
                word.text += "" if escaped == "\n" else escaped
            elif sign in "$`":
                self.expand(sign, word)
            else:
                word.text += sign

    def expand(self, sign: str, word: _Word) -> None:
        """`$X` and `${X:-y}` by what is known; all else leaves the word open."""
        if sign == "`" or self.peek() == "(":
            self.skip("`" if sign == "`" else ")")
            word.open = _RUNS
        elif braced := _BRACED.match(self.text, self.at):
            self.at = braced.end()
            self.insert(word, braced[1], braced[2] or "", braced[3] or "")
        elif self.peek() == "{":
            self.skip("}")
            word.open = _OPEN
        elif named := _NAME.match(self.text, self.at):
            self.at = named.end()
            self.insert(word, named[0], "", "")
        elif self.peek() and self.peek() in "0123456789@*#?$!-":
            self.at += 1
            word.open = _OPEN
        else:
            word.text += sign
        if self.text.startswith("\\\n", self.at):  # the name may go on behind the line's end
            word.open = word.open or _OPEN

    def insert(self, word: _Word, name: str, operator: str, default: str) -> None:
        value = self.known(name)
        unset = name not in self.taken and name not in self.process
        if operator and (unset or (operator == ":-" and value == "")):
            value = default
        if value is None:
            word.open = _OPEN
        word.text += value or ""

    def skip(self, closing: str) -> None:
        end = self.text.find(closing, self.at)
        if end < 0:
            raise _Stop("opens a substitution that nothing closes")
        self.at = end + 1


def read_sh(text: str, process: Mapping[str, str]) -> Reading:
    """The keys in the end; a file with an open quote or a bracket ends the shell, and is refused."""
    shell = _Shell(text, process)
    while shell.at < len(text) or shell.joined:
        line = shell.line
        try:
            shell.command()
        except _Stop as stop:
            return Reading({}, Refused(line, str(stop)))
    return Reading(shell.taken)
