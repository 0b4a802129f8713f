"""kingfisher: how it is called, what it must have read for its answer to count, and what its findings are."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Completed
from hotelctl.facts import leak_rules
from hotelctl.facts.leaks import Item, unpromised
from hotelctl.facts.program_answer import ended

PROGRAM = "kingfisher"
_FOUND = 200
RULES = "compiled-rules"
"""Where it keeps what it compiles of the rules."""
_FAMILIES = ("betterleaks.", "custom.")
# What stands in front of a value may say what it is.
_BEFORE = 60
_SURE = ("low", "medium", "high")

Told = Mapping[str, Any]
"""One finding as it tells it."""


def command(target: str, *, past: bool = False) -> tuple[str, ...]:
    """The words of a run over an archive, or over all that the repository in that directory ever held.

    No value is tried at its issuer and nothing is asked of another machine. No file allows itself what it
    holds, nothing is left out because it is large, and what is compiled of the rules stays in this directory.
    """
    return (
        "scan",
        *("--no-validate", "--no-update-check", "--quiet"),
        *("--format", "json", "--no-dedup", "--confidence", "low"),
        *("--no-ignore", "--no-limits", "--extraction-depth", "1"),
        *("--rules-path", leak_rules.FILE, "--rule-cache-dir", RULES),
        *("--git-history", "full" if past else "none", target),
    )


def in_archive(done: Completed, members: Mapping[str, bytes]) -> list[Told]:
    """The findings of its answer about an archive of these.

    Raises:
        Unavailable: it could not judge, or read fewer files, or bytes of text, than there are.

    """
    answer = _answer(done)
    files, read = _counted(answer)
    # What it unpacks, or reads words out of as of compiled Python, counts as what came out; text does not.
    least = sum(len(content) for content in members.values() if b"\0" not in content)
    if files < len(members) or read < least:
        raise Unavailable(
            f"{PROGRAM} read {files} files of {read} bytes, of at least {len(members)} of {least} bytes"
        )
    return list(answer["findings"])


def in_history(done: Completed, commits: int) -> list[Told]:
    """The findings of its answer about a repository of that many commits.

    Raises:
        Unavailable: it could not judge, or read another number of commits.

    """
    answer = _answer(done)
    try:
        git = answer["audit"]["repositories"][0]["git"]
        read, shallow = int(git["fetched_commit_count"]), bool(git["shallow"])
    except (KeyError, TypeError, ValueError, LookupError) as error:
        raise unpromised(PROGRAM) from error
    if read != commits or not _counted(answer)[1]:
        raise Unavailable(f"{PROGRAM} read {read} commits of {commits}{' of a shallow clone' * shallow}")
    return list(answer["findings"])


def by_place(found: Iterable[Told]) -> Mapping[tuple[str, str], list[Told]]:
    """Its findings by commit and path; what stands in no commit has an empty one.

    Raises:
        Unavailable: one tells no place.

    """
    placed: dict[tuple[str, str], list[Told]] = {}
    try:
        for told in found:
            one = told["finding"]
            commit = one["git_metadata"]["commit"]["id"] if "git_metadata" in one else ""
            placed.setdefault((str(commit), str(one["path"])), []).append(told)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise unpromised(PROGRAM) from error
    return placed


def items(found: Iterable[Told], content: bytes | None) -> list[Item]:
    """Findings in one file of that content, None where nobody knows it, in the shape of betterleaks'.

    Of several that mean one value in one place it is the surest.

    Raises:
        Unavailable: one tells not what it must.

    """
    surest: dict[tuple[Any, ...], Item] = {}
    lines = (content or b"").decode(errors="replace").split("\n")
    try:
        for one in (_shaped(told, lines) for told in found):
            where = (one["match"]["value"], one["location"]["start_line"])
            known = surest.setdefault(where, one)
            if _rank(one) > _rank(known):
                surest[where] = one
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise unpromised(PROGRAM) from error
    return list(surest.values())


def _shaped(told: Told, lines: Sequence[str]) -> Item:
    one, rule = told["finding"], str(told["rule"]["id"])
    for family in _FAMILIES:
        rule = rule.removeprefix(family)
    commit = one.get("git_metadata", {}).get("commit", {})
    line, value = int(one["line"]), str(one["snippet"])
    return {
        "rule_id": rule,
        "confidence": str(one["confidence"]).lower(),
        "location": {"path": str(one["path"]), "start_line": line},
        "match": {"value": value, "context": f"{_in_front(lines, line, value)}{value}"},
        "attributes": {
            "resource": "",
            "git.sha": str(commit.get("id", "")),
            "git.date": str(commit.get("date", "")),
            "git.author_name": str(commit.get("author", {}).get("name", "")),
        },
    }


def _rank(item: Item) -> int:
    return _SURE.index(item["confidence"])


def _in_front(lines: Sequence[str], line: int, value: str) -> str:
    """The last signs before the value that stands on that line; empty where it does not."""
    here = lines[line - 1] if 0 < line <= len(lines) else ""
    at = here.find(value.partition("\n")[0])
    return "\n".join((*lines[max(0, line - 3) : line - 1], here[:at]))[-_BEFORE:] if at >= 0 else ""


def _answer(done: Completed) -> Mapping[str, Any]:
    """What it says, with as many findings as it counts. Behind the report stands a summary of it."""
    code = ended(PROGRAM, done, (0, _FOUND), quoted=False)
    if done.stderr.strip():
        raise Unavailable(f"{PROGRAM} complained")
    if not done.stdout.strip():
        raise Unavailable(f"{PROGRAM} said nothing")
    try:
        answer, _ = json.JSONDecoder().raw_decode(done.stdout)
        number, named = int(answer["metadata"]["summary"]["findings"]), len(answer["findings"])
        scans = answer["audit"]["summary"]
        whole = (int(scans["scan_succeeded"]), int(scans["scan_partial"]), int(scans["scan_failed"]))
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise unpromised(PROGRAM) from error
    if whole != (1, 0, 0):
        raise Unavailable(f"{PROGRAM} says that its search is not whole")
    if number != named or bool(code) != bool(named):
        raise Unavailable(f"{PROGRAM} ended with {code}, counts {number} findings and names {named}")
    found: Mapping[str, Any] = answer
    return found


def _counted(answer: Mapping[str, Any]) -> tuple[int, int]:
    """How many files and bytes it says that it read."""
    try:
        summary = answer["metadata"]["summary"]
        return int(summary["blobs_scanned"]), int(summary["bytes_scanned"])
    except (KeyError, TypeError, ValueError) as error:
        raise unpromised(PROGRAM) from error
