"""ENV010: env files are plain UTF-8 text."""

import shlex
from collections.abc import Iterator

from hotelctl.core.check import check
from hotelctl.core.finding import FileExcerpt, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.env_bytes import Oddity, oddities
from hotelctl.facts.env_files import EnvFiles

_FIXES = {
    "bom": "sed -i '1s/^\\xEF\\xBB\\xBF//' {path}",
    "crlf": "sed -i 's/\\r$//' {path}",
    "nul": "tr -d '\\000' < {path} > {path}.new && mv {path}.new {path}",
    "not-utf-8": "iconv -f WINDOWS-1252 -t UTF-8 {path} > {path}.new && mv {path}.new {path}",
}


@check(
    "ENV010",
    "Env files are plain UTF-8 text",
    severity=Severity.HIGH,
    rationale="Signs that nobody sees become part of a name or a value for some readers and not for others.",
    remediation="Save the file as UTF-8 without a byte order mark and with line feeds alone.",
)
def env_files_are_plain_text(files: EnvFiles) -> Iterator[Finding]:
    """A finding for a byte order mark, CRLF line ends, NUL bytes and what is no UTF-8, each once a file."""
    for file in files.used:
        for oddity in oddities(file.data):
            yield _finding(file.path, oddity)


def _finding(path: str, oddity: Oddity) -> Finding:
    return Finding(
        subject=f"{path} {oddity.kind}",
        message=f"{path}:{oddity.line} {oddity.words}",
        evidence=(FileExcerpt(path, oddity.line, by_shape(f"{oddity.kind} at byte {oddity.at}")),),
        location=Location(path, oddity.line),
        fix=_FIXES[oddity.kind].format(path=shlex.quote(path)),
        severity=Severity.MEDIUM if oddity.kind == "crlf" else None,
    )
