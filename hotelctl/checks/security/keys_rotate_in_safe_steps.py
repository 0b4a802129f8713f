"""SEC021: exchanging the signing key ends nobody's log-in."""

from collections.abc import Iterator

from hotelctl.checks.security.exchanges import with_words
from hotelctl.core.check import Stage, check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import CommandOutput, Finding, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.declared_security import DeclaredRotation
from hotelctl.facts.sandbox_answers import KeyStep, SandboxAnswers

_GOOD = range(200, 300)
# A key that is published and then signs: less exchanges nothing.
_LEAST = 2


@check(
    "SEC021",
    "Exchanging the signing key ends nobody's log-in",
    severity=Severity.MEDIUM,
    rationale=(
        "A key that is swapped in one act makes every token of before worthless at once, and instances that "
        "are not restarted yet refuse the tokens of those that are; so keys are never exchanged."
    ),
    remediation=(
        "Publish the new key so that every instance verifies with it, let it sign only then, and retire the "
        "old one when its last token has run out."
    ),
    stage=Stage.SANDBOX,
)
def keys_rotate_in_safe_steps(declared: DeclaredRotation, sandbox: SandboxAnswers) -> Iterator[Finding]:
    """A finding for every step after which an old or a new log-in is refused."""
    if sandbox.no_people:
        raise Unavailable(sandbox.no_people)
    done = [step for step in sandbox.key_steps if step.done.ok]
    if len(done) < min(_LEAST, declared.count):
        raise Unavailable("; ".join(_refused(sandbox)) or "nothing was exchanged")
    for step in done:
        for asked in (step.before, step.after):
            if asked.reply.status not in _GOOD:
                yield Finding(
                    subject=_words(step),
                    message=f"after {_words(step)}, {asked.request} answers {asked.reply.status}",
                    evidence=(_ended(step), with_words(asked)),
                    fix="verify with all keys, sign with one, retire a key when no token needs it",
                )


def _refused(sandbox: SandboxAnswers) -> Iterator[str]:
    for step in sandbox.key_steps:
        if not step.done.ok:
            yield f"{_words(step)} could not be done in a sandbox: {step.done.tail(1)}"


def _words(step: KeyStep) -> str:
    return " ".join(step.done.argv[-2:])


def _ended(step: KeyStep) -> CommandOutput:
    return CommandOutput(step.done.argv, step.done.exit_code, by_shape(step.done.tail(3)))
