"""The report of a validation: its verdict, what it is about, what to do next."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hotelctl.cli._places import LOCAL
from hotelctl.cli._policy import Commands, advice
from hotelctl.cli._version import installed_version
from hotelctl.cli._wiring import Wiring, unrecorded_repository
from hotelctl.config.deployable import is_deployable
from hotelctl.config.load import Configuration
from hotelctl.core.ports import WorkTree
from hotelctl.core.report import CheckResult, Policy, Report, gate
from hotelctl.deploy.release import Release
from hotelctl.facts.declared_version import declared_version
from hotelctl.render.console import UNKNOWN_VERSION

_INIT = "hotelctl init: writes hotelctl.toml and an env contract, so that more can be judged"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is judged: a report of kind `kind` is about the commit of `tree`, which declares `version`.

    `checkout` is the work tree as it lies here, also where another commit is judged.
    """

    kind: str
    tree: WorkTree
    version: str
    checkout: WorkTree


def subject_of(
    configuration: Configuration, kind: str, release: Release | None, *, staged: bool = False
) -> Subject:
    """The checkout, or `release`: then no branch, tag or changed path of another commit is told.

    What is `staged` may be the first commit.
    """
    tree = unrecorded_repository(configuration).work_tree(unborn=staged)
    if release is None:
        return Subject(kind, tree, _version(configuration), tree)
    about = tree
    if release.commit != tree.commit:
        about = replace(tree, commit=release.commit, branch=None, tags=(), dirty=())
    return Subject(kind, about, release.version, tree)


def report_of(
    wiring: Wiring, subject: Subject, results: tuple[CheckResult, ...], held_to: Policy, began: datetime
) -> Report:
    """The report of `results`, still without its id."""
    configuration = wiring.configuration
    verdict = gate(results, held_to)
    return Report(
        id="",
        kind=subject.kind,
        hotelctl_version=installed_version(),
        service={"name": configuration.spec.service.name, "version": subject.version},
        git=_git(subject.tree),
        environment=configuration.environment_name,
        profile=configuration.environment.profile,
        started_at=began,
        finished_at=wiring.ports.clock.now(),
        verdict=verdict,
        results=results,
        policy=held_to,
        next_steps=(
            *(() if configuration.written else (_INIT,)),
            *advice(results, held_to, verdict, _commands(subject.kind, configuration)),
        ),
        evidence_head=wiring.ports.evidence.head,
    )


def _commands(kind: str, configuration: Configuration) -> Commands:
    """For what serves there is a way back; where the service file says too little there is no way on."""
    name = configuration.environment_name
    flags = "" if name == LOCAL else f" --env {name}"
    if kind == "verify":
        return Commands(f"hotelctl verify{flags}", (), (f"hotelctl rollback{flags}",), narrowed=False)
    onward = (f"hotelctl plan{flags}", f"hotelctl deploy{flags}") if is_deployable(configuration) else ()
    return Commands(f"hotelctl validate{flags}", onward)


def _git(tree: WorkTree) -> Mapping[str, Any]:
    return {
        "commit": tree.commit,
        "branch": tree.branch,
        "tag": tree.tags[0] if tree.tags else None,
        "dirty": bool(tree.dirty),
        "shallow": tree.shallow,
    }


def _version(configuration: Configuration) -> str:
    """What the service's version file declares; `unknown` where that cannot be read."""
    name = configuration.spec.service.version_file
    try:
        return declared_version(name, lambda path: (configuration.project / path).read_bytes())
    except (OSError, ValueError):
        return UNKNOWN_VERSION
