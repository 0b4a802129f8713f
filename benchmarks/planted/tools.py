"""What hotelctl and other scanners say of a repository: each as places, and nothing of the values."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OURS = "hotelctl"
CHOSEN = "kingfisher"
"""The scanner that a service can choose in the place of betterleaks."""
WITH_CHOSEN = f"{OURS} with {CHOSEN}"
# SEC007 speaks of names of files and SEC008 and SEC009 of the search: no value is meant.
RULES = frozenset({"SEC001", "SEC002", "SEC003", "SEC004", "SEC005", "SEC006"})
_JUDGED = (0, 1, 3)
_NOTE = "info"
_BLOCK = frozenset({"high", "critical"})
SHORT = 12
"""So many digits of a commit are told."""
_SAID = re.compile(rf"^(?:commit (?P<commit>[0-9a-f]{{{SHORT}}})|tag (?P<tag>\S+)): ")
_LINE = re.compile(r"\bline (\d+) ")


@dataclass(frozen=True, slots=True)
class Hit:
    """One place; `lines` is empty where none is named, `said` is the commit or tag whose message it is.

    `exact` tells a value that was known from what is guessed, `blocks` what keeps a deploy back.
    """

    rule: str
    path: str
    lines: frozenset[int]
    said: str = ""
    blocks: bool = True
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Tool:
    """One that is run as it comes; what its `runs` over a repository find is put together.

    `ends` are the exit codes of a search that was finished.
    """

    name: str
    runs: tuple[tuple[str, ...], ...]
    read: Callable[[str], Iterator[Hit]]
    ends: tuple[int, ...]

    def hits(self, program: Path, root: Path) -> tuple[Hit, ...]:
        """What it finds; one that ends as it does not promise ends the benchmark."""
        found: list[Hit] = []
        for words in self.runs:
            done = _run((str(program), *words), root, self.ends)
            found += self.read(done)
        return tuple(found)


@contextmanager
def choosing(scanner: str, root: Path) -> Iterator[None]:
    """Inside, the service file of that project chooses the scanner that hotelctl asks."""
    file = root / "hotelctl.toml"
    before = file.read_text(encoding="utf-8")
    file.write_text(f'{before}\n[secrets]\nscanner = "{scanner}"\n', encoding="utf-8")
    try:
        yield
    finally:
        file.write_text(before, encoding="utf-8")


def ours(root: Path, reports: Path) -> tuple[Hit, ...]:
    """What `hotelctl validate` says; a search that was not whole ends the benchmark."""
    argv = (sys.executable, "-m", "hotelctl", "validate", "--only", "secrets", "--quiet")
    _run((*argv, "--report-dir", str(reports)), root, _JUDGED)
    report = json.loads((reports / "latest" / "report.json").read_text(encoding="utf-8"))
    checks = [check for section in report["sections"] for check in section["checks"]]
    status = {check["id"]: check["status"] for check in checks}
    if unknown := [name for name, one in status.items() if one == "unknown"]:
        sys.exit(f"not everything was searched: {', '.join(unknown)}")
    found = [(check["id"], one) for check in checks if check["id"] in RULES for one in check["findings"]]
    return tuple(_our_hit(rule, one) for rule, one in found if one["severity"] != _NOTE)


def _our_hit(rule: str, finding: Mapping[str, Any]) -> Hit:
    said = _SAID.match(finding["message"])
    where = finding["location"] or {}
    lines = {int(line) for line in _LINE.findall(finding["message"])}
    lines |= {where["line"]} if where.get("line") else set()
    return Hit(
        rule,
        where.get("path") or "",
        frozenset(lines),
        (said["commit"] or said["tag"]) if said and not where else "",
        finding["severity"] in _BLOCK,
        " the value of " in finding["message"],
    )


def _betterleaks(answer: str) -> Iterator[Hit]:
    for one in json.loads(answer)["findings"]:
        where = one["location"]
        yield _hit(one["rule_id"], where.get("path", ""), where["start_line"])


def _kingfisher(answer: str) -> Iterator[Hit]:
    """Behind the report stands a summary of it."""
    for one in json.JSONDecoder().raw_decode(answer)[0]["findings"]:
        yield _hit(one["rule"]["id"], one["finding"]["path"], one["finding"]["line"])


def _detect_secrets(answer: str) -> Iterator[Hit]:
    for path, found in json.loads(answer)["results"].items():
        for one in found:
            yield _hit(one["type"], path, one["line_number"])


def _hit(rule: str, path: str, line: int) -> Hit:
    return Hit(rule, path.removeprefix("./"), frozenset({line}))


def _run(argv: tuple[str, ...], root: Path, ends: tuple[int, ...]) -> str:
    done = subprocess.run(
        argv,
        cwd=root,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode not in ends:
        sys.exit(f"{' '.join(argv)} ended with {done.returncode}: {done.stderr.strip()[-500:]}")
    return done.stdout


def version(program: Path) -> str:
    """The number that it says itself."""
    found = re.search(r"\d+\.\d+\S*", _run((str(program), "--version"), program.parent, (0,)))
    return found[0] if found else ""


_LEAKS = ("--silent", "--no-color", "--log-level", "error", "--output", "-", ".")
_FISHER = ("scan", "--format", "json", "--no-validate", "--no-update-check", "--no-dedup", ".")
OTHERS = (
    Tool("betterleaks", (("fs", *_LEAKS), ("git", *_LEAKS)), _betterleaks, (0, 1)),
    Tool("kingfisher", (_FISHER,), _kingfisher, (0, 200)),
    Tool("detect-secrets", (("scan", "--all-files", "--no-verify", "."),), _detect_secrets, (0,)),
)
"""As they come: no rule of theirs is changed, no value is tried at its provider."""
