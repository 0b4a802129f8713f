"""Signing a stored report off, and whether the sign-offs of one hold."""

import os
import re
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.disk import alone_in
from hotelctl.adapters.evidence import Unrecorded
from hotelctl.adapters.files import LocalFiles
from hotelctl.adapters.process import LocalProcesses
from hotelctl.adapters.ssh_signing import SshSigning
from hotelctl.adapters.workspace import workspace
from hotelctl.cli._found import configured_or_found
from hotelctl.cli._places import project
from hotelctl.cli._shelf import read, store, tell_again, verified
from hotelctl.cli._wiring import Asked, unrecorded_repository
from hotelctl.config.load import Configuration
from hotelctl.core.errors import Blocked, Unavailable, UsageError
from hotelctl.core.redact import Redactor
from hotelctl.facts.signoff import NAME, NAMESPACE, JudgedSignoff, Signoff, why_unsigned
from hotelctl.probes.signatures import Signatures
from hotelctl.render import json
from hotelctl.render.document import Document, SignoffPart
from hotelctl.render.problems import Answer
from hotelctl.render.verify import REPORT, Problem


@dataclass(frozen=True, slots=True)
class Wish:
    """Who signs in which role, with which key; None is the one that git signs with."""

    name: str
    role: str
    key: Path | None
    service: Path | None


def approved(directory: Path, wish: Wish) -> Signoff:
    """The sign-off; when this returns the report holds it, and so do its texts for people.

    Raises:
        Blocked: the report is not whole, its verdict is none to answer for, or it was changed meanwhile.
        UsageError: the role, the name or the key is none that may sign it.

    """
    made = _whole(directory)
    if why := why_unsigned(made.verdict):
        hint = f"hotelctl report show {made.id} says what to mend, then hotelctl validate"
        raise Blocked(f"{made.id} {why}: a sign-off waives nothing", hint)
    configuration = _configuration(made, wish.service)
    _require_known(made, configuration, wish)
    at = SystemClock().now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    bare = Signoff(wish.name, wish.role, at, made.digest, "")
    signature = SshSigning(project(), os.environ).signed(bare.payload, NAMESPACE, wish.key)
    signed = Signoff(wish.name, wish.role, at, made.digest, signature)
    _require_allowed(configuration, signed, made.git.commit)
    with alone_in(directory):
        now = _whole(directory)
        if now.digest != signed.digest:
            raise Blocked(f"{directory.name} was changed while it was signed", "look at it again")
        _require_new(now, wish.name)
        part = SignoffPart.model_validate(asdict(signed))
        made = now.model_copy(update={"signoffs": (*now.signoffs, part)})
        store(directory / REPORT, json.render(made).encode())
        tell_again(directory, made)
    return signed


def _whole(directory: Path) -> Document:
    answer = verified(directory, any_commit=True)
    if answer.problems:
        first = answer.problems[0]
        raise Blocked(
            f"{answer.report} is not whole, so it is not signed: {first.record} {first.message}",
            f"hotelctl report verify {answer.report} --any-commit names all of it",
        )
    return read(directory)


def _configuration(made: Document, service: Path | None) -> Configuration:
    return configured_or_found(Asked(service, made.environment))


def _require_known(made: Document, configuration: Configuration, wish: Wish) -> None:
    roles = configuration.environment.approvals.roles
    if wish.role not in roles:
        table = f"[environments.{made.environment}.approvals] roles"
        raise UsageError(f"--role {wish.role}: is none of {', '.join(roles)}", f"{table} names others")
    if re.fullmatch(NAME, wish.name) is None:
        raise UsageError(
            f"--by {wish.name!r}: is no name of one signer",
            f"give it as {configuration.environment.approvals.signers} has it, as in ana@example.com",
        )
    _require_new(made, wish.name)


def _require_new(made: Document, name: str) -> None:
    earlier = next((one for one in made.signoffs if one.name.casefold() == name.casefold()), None)
    if earlier is not None:
        raise UsageError(
            f"{earlier.name} signed {made.id} off as {earlier.role} at {earlier.at} already",
            "one person is one approval",
        )


def _require_allowed(configuration: Configuration, signed: Signoff, commit: str) -> None:
    approvals = configuration.environment.approvals
    try:
        judged = _judged(configuration, commit, (signed,))[0]
    except Unavailable as error:
        hint = f"{approvals.signers} holds a line for each: {signed.name} followed by the public key"
        raise UsageError(error.reason, hint) from error
    if judged.problem:
        hint = f"a line of {approvals.signers}: {signed.name} followed by the public key"
        raise UsageError(f"{signed.name} may not sign: {judged.problem}", hint)
    if judged.by_author:
        raise UsageError(
            f"{signed.name} wrote {commit[:12]}, which the report is about", "somebody else signs it off"
        )


def _judged(
    configuration: Configuration, commit: str, signoffs: tuple[Signoff, ...]
) -> tuple[JudgedSignoff, ...]:
    evidence, clock = Unrecorded(Redactor(), SystemClock()), SystemClock()
    processes = LocalProcesses(evidence, clock, os.environ)
    signers = configuration.environment.approvals.signers
    authors = unrecorded_repository(configuration).authors(commit)
    with workspace() as room:
        files = LocalFiles(evidence, room)
        judge = Signatures(processes, files, configuration.project, signers, room)
        return tuple(judge.judged(one, authors) for one in signoffs)


def verified_with_signoffs(directory: Path, service: Path | None, *, any_commit: bool) -> Answer:
    """What `verify` finds in the report, and whether its sign-offs are signed by allowed signers."""
    answer = verified(directory, any_commit=any_commit)
    try:
        made = read(directory)
    except (UsageError, FileNotFoundError):
        return answer  # it is one of its problems
    if not made.signoffs:
        return answer
    signoffs = tuple(Signoff(**one.model_dump()) for one in made.signoffs)
    try:
        judged = _judged(_configuration(made, service), made.git.commit, signoffs)
    except Unavailable as error:
        return replace(answer, unjudged=error.reason)
    except UsageError as error:
        return replace(answer, unjudged=error.message)
    bad = (Problem(f"{REPORT} sign-off of {one.signoff.name}", one.problem) for one in judged if one.problem)
    return replace(answer, problems=(*answer.problems, *bad), signed=len(signoffs))
