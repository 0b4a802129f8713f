"""The steps, ordered once."""

from typing import TYPE_CHECKING

from hotelctl.core.lazily import lazily
from hotelctl.deploy.engine import Step
from hotelctl.deploy.operation import Operation
from hotelctl.deploy.plan import Plan
from hotelctl.deploy.steps.choose import ChooseStep
from hotelctl.deploy.steps.finish import FinishStep
from hotelctl.deploy.steps.lock import LockStep
from hotelctl.deploy.steps.stage import StageStep
from hotelctl.deploy.steps.switch import SwitchStep

# Steps of a deploy alone; who rolls back is in a hurry.
if TYPE_CHECKING:
    from hotelctl.deploy.steps import backup, build, migrate, preflight, prove, test
else:
    backup, build = lazily("hotelctl.deploy.steps.backup"), lazily("hotelctl.deploy.steps.build")
    migrate, preflight = lazily("hotelctl.deploy.steps.migrate"), lazily("hotelctl.deploy.steps.preflight")
    prove, test = lazily("hotelctl.deploy.steps.prove"), lazily("hotelctl.deploy.steps.test")

_NAMES = {
    "deploy": (
        "lock",
        "preflight",
        "test",
        "build",
        "backup",
        "prove",
        "migrate",
        "stage",
        "switch",
        "finish",
    ),
    "rollback": ("lock", "choose", "stage", "switch", "finish"),
}


def names_of(kind: str) -> tuple[str, ...]:
    """The names of the steps of a `deploy` or a `rollback`, in order."""
    return _NAMES[kind]


def deploy_steps(operation: Operation) -> dict[str, Step]:
    """The ten steps of a deploy, in order."""
    steps: tuple[Step, ...] = (
        LockStep(operation),
        preflight.PreflightStep(operation),
        test.TestStep(operation),
        build.BuildStep(operation),
        backup.BackupStep(operation),
        prove.ProveStep(operation),
        migrate.MigrateStep(operation),
        StageStep(operation),
        SwitchStep(operation),
        FinishStep(operation),
    )
    return {step.name: step for step in steps}


def rollback_steps(operation: Operation) -> dict[str, Step]:
    """The five steps of a rollback, in order; nothing new is started, so nothing new is asked of it."""
    steps: tuple[Step, ...] = (
        LockStep(operation),
        ChooseStep(operation),
        StageStep(operation, fresh=False),
        SwitchStep(operation, watched=False),
        FinishStep(operation),
    )
    return {step.name: step for step in steps}


def steps_of(kind: str, operation: Operation) -> dict[str, Step]:
    """The steps of a `deploy` or a `rollback`."""
    return {"deploy": deploy_steps, "rollback": rollback_steps}[kind](operation)


def plan_of(kind: str, steps: dict[str, Step]) -> Plan:
    """The plan over `steps`; a rollback never turns back once it is visible."""
    return Plan(tuple(steps), turns_back=kind == "deploy")
