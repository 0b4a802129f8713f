"""How the release that serves gets on with the schema that comes: what it said, and what was refused."""

from dataclasses import dataclass

from hotelctl.facts.old_model import OldModel
from hotelctl.facts.smoke_run import WorkflowResult


@dataclass(frozen=True, slots=True)
class Spoken:
    """One statement of a release; without `sqlstate` it went through."""

    sql: str
    sqlstate: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class OldCode:
    """The serving release on a throw-away database, before and after the pending migrations.

    `before` and `after` are what it said there, by the same instance with the same open sessions. `failed`
    are the smoke workflows that passed before and do not afterwards. `why` says why it could not be tried;
    these are empty then. `model` is what its models and the coming schema do not agree on; None where nobody
    can ask them.
    """

    release: str
    before: tuple[Spoken, ...] = ()
    after: tuple[Spoken, ...] = ()
    workflows: int = 0
    failed: tuple[WorkflowResult, ...] = ()
    why: str = ""
    model: OldModel | None = None

    @property
    def refused(self) -> tuple[Spoken, ...]:
        """What was refused behind the migrations and in the same words never before, each once."""
        known = {_words(one) for one in self.before}
        fresh = (one for one in self.after if one.sqlstate and _words(one) not in known)
        return tuple({(one.sql, one.sqlstate): one for one in fresh}.values())

    def names(self, word: str) -> bool:
        """Whether any of its statements holds that name."""
        return any(word in one.sql for one in (*self.before, *self.after))


def _words(one: Spoken) -> tuple[str, str]:
    """A refusal of a value quotes the value, which is another one each time; the others quote names."""
    return one.sqlstate, "" if one.sqlstate.startswith("22") else one.message
