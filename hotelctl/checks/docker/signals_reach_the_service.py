"""DKR007: the service gets the engine's signals."""

import json
import re
import shlex
from collections.abc import Iterator

from hotelctl.checks.docker.every_file import every_file
from hotelctl.checks.docker.excerpt import of_instruction, place, safe
from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.dockerfile import Dockerfile, Dockerfiles, Instruction
from hotelctl.facts.shell_words import inline_script

_EXEC = re.compile(r"(^|[;&|]\s*|\n\s*)exec\s+[^;&|]+$")
# With -g they pass a signal on to the whole group.
_INIT = re.compile(r"(tini|dumb-init)$")


@check(
    "DKR007",
    "The service gets the engine's signals",
    severity=Severity.HIGH,
    rationale="A shell in between does not pass SIGTERM on: each stop ends by force after the grace period.",
    remediation='Write a list, CMD ["python", "-m", "app"], or begin the last command with exec.',
)
def signals_reach_the_service(files: Dockerfiles) -> Iterator[Finding]:
    """A finding for the ENTRYPOINT and the CMD that start through a shell which stays."""
    return every_file(files, _judged)


def _judged(file: Dockerfile) -> Iterator[Finding]:
    shipped = file.shipped()
    for name in ("ENTRYPOINT", "CMD"):
        found = [one for one in shipped if one.name == name]
        if found and (why := _lost(found[-1])):
            yield Finding(
                subject=f"{name} of {file.path}",
                message=f"{name} of {file.path} {why}, so SIGTERM does not reach the service",
                evidence=(of_instruction(file, found[-1]),),
                location=place(file, found[-1]),
                fix=safe(file, _fix(name, found[-1])),
            )


def _lost(one: Instruction) -> str | None:
    if not one.args:
        return None
    if not one.is_json:
        return None if _EXEC.search(" ".join(one.args).strip()) else "is written for a shell"
    script = inline_script(one.args)
    if script is None or _EXEC.search(script.strip()):
        return None
    first = one.args[0].rpartition("/")[2]
    if first == "dumb-init" or (_INIT.search(first) and "-g" in one.args):
        return None
    return "starts a shell that does not hand over by exec"


def _fix(name: str, one: Instruction) -> str:
    """The same words as a list where they need no shell, else with exec."""
    if one.is_json:
        return f'{name} ["sh", "-c", "exec ..."]'
    text = " ".join(one.args)
    if re.search(r"[$;&|<>*`(]", text):
        return f"{name} exec ..."
    try:
        return f"{name} {json.dumps(shlex.split(text))}"
    except ValueError:
        return f'{name} ["PROGRAM", "ARGUMENT"]'
