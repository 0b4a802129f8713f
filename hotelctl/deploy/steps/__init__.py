"""The steps, ordered once."""

from hotelctl.deploy.engine import Step
from hotelctl.deploy.operation import Operation
from hotelctl.deploy.plan import Plan
from hotelctl.deploy.steps.backup import BackupStep
from hotelctl.deploy.steps.build import BuildStep
from hotelctl.deploy.steps.choose import ChooseStep
from hotelctl.deploy.steps.finish import FinishStep
from hotelctl.deploy.steps.lock import LockStep
from hotelctl.deploy.steps.migrate import MigrateStep
from hotelctl.deploy.steps.preflight import PreflightStep
from hotelctl.deploy.steps.prove import ProveStep
from hotelctl.deploy.steps.stage import StageStep
from hotelctl.deploy.steps.switch import SwitchStep
from hotelctl.deploy.steps.test import TestStep

DEPLOY = (
    LockStep,
    PreflightStep,
    TestStep,
    BuildStep,
    BackupStep,
    ProveStep,
    MigrateStep,
    StageStep,
    SwitchStep,
    FinishStep,
)
ROLLBACK = (LockStep, ChooseStep, StageStep, SwitchStep, FinishStep)


def names_of(kind: str) -> tuple[str, ...]:
    """The names of the steps of a `deploy` or a `rollback`, in order."""
    return tuple(step.name for step in (DEPLOY if kind == "deploy" else ROLLBACK))


def deploy_steps(operation: Operation) -> dict[str, Step]:
    """The ten steps of a deploy, in order."""
    return {kind.name: kind(operation) for kind in DEPLOY}


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
