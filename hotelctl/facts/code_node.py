"""Environment variables that JavaScript and TypeScript read, by their tokens: comments and prose left out."""

import re
from collections.abc import Iterator

from hotelctl.facts.code_reads import Read, Scanned

_TOKENS = re.compile(r"//[^\n]*|/\*.*?\*/|'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"", re.DOTALL)
_PLAIN = re.compile(r"(['\"])[A-Za-z_][A-Za-z0-9_]*\1")
_ENV = (
    r"(?:\b(?:globalThis\s*\??\.\s*)?process\s*\??\.\s*env|\bimport\s*\.\s*meta\s*\.\s*env|\bBun\s*\.\s*env)"
)
_DOTTED = re.compile(_ENV + r"\s*\??\.\s*([A-Za-z_][A-Za-z0-9_]*+)(?!\s*=[^=>])")
_INDEXED = re.compile(_ENV + r"\s*(?:\?\.\s*)?\[\s*(['\"`])([A-Za-z_][A-Za-z0-9_]*)\1\s*\](?!\s*=[^=>])")
_COMPOSED = re.compile(_ENV + r"\s*(?:\?\.\s*)?\[\s*(?!(['\"`])[A-Za-z0-9_]*\1\s*\])")
_TAKEN_APART = re.compile(r"\{([^{}]*)\}\s*=\s*" + _ENV)
_DENO = re.compile(r"\bDeno\s*\.\s*env\s*\.\s*get\(\s*(['\"`])([A-Za-z_][A-Za-z0-9_]*)\1")
_PART = re.compile(r"\s*(\.\.\.)?(['\"]?)([A-Za-z_][A-Za-z0-9_]*)\2")
_WORD = re.compile(r"\b[A-Z][A-Z0-9_]{2,}\b")
# Vite fills these in itself.
_VITE = ("MODE", "DEV", "PROD", "SSR", "BASE_URL")


def scan_node(path: str, text: str) -> Scanned:
    """What the source reads; it is not parsed, so that every dialect is understood alike."""
    code = _TOKENS.sub(_kept, text)
    reads = sorted({*_reads(path, code)}, key=lambda read: (read.line, read.names))
    composed = tuple(
        Read((), path, _line(code, hit.start()), "process.env") for hit in _COMPOSED.finditer(code)
    )
    whole = tuple(read for read in reads if read.names)
    return Scanned(whole, frozenset(_WORD.findall(code)), (*composed, *(r for r in reads if not r.names)))


def _kept(hit: re.Match[str]) -> str:
    """A short name in quotes stays, all other text and every comment becomes blank; lines stay lines."""
    return hit[0] if _PLAIN.fullmatch(hit[0]) else re.sub(r"[^\n]", " ", hit[0])


def _reads(path: str, code: str) -> Iterator[Read]:
    for shape, group in ((_DOTTED, 1), (_INDEXED, 2), (_DENO, 2)):
        for hit in shape.finditer(code):
            if hit[group] not in _VITE or "import" not in hit[0]:
                yield Read((hit[group],), path, _line(code, hit.start()), _how(hit[0]))
    for hit in _TAKEN_APART.finditer(code):
        for part in hit[1].split(","):
            if named := _PART.match(part):
                names = () if named[1] else (named[3],)
                yield Read(names, path, _line(code, hit.start()), _how(hit[0]))


def _how(text: str) -> str:
    return "import.meta.env" if "import" in text else "Deno.env" if "Deno" in text else "process.env"


def _line(code: str, at: int) -> int:
    return code.count("\n", 0, at) + 1
