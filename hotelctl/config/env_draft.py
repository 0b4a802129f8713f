"""The first env contract of a project: what its code reads and its examples show, and where."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from hotelctl.config import toml_text
from hotelctl.core.finding import Location
from hotelctl.core.redact import by_shape
from hotelctl.facts.code_reads import ValueShape
from hotelctl.facts.docker_secrets import is_secret_name
from hotelctl.facts.env_contract import SCHEMA, EnvContract
from hotelctl.facts.env_files import scan
from hotelctl.facts.exposed_secret import is_exposed_secret
from hotelctl.facts.found.survey import Survey
from hotelctl.facts.live_credential import live_kind
from hotelctl.facts.platform_variables import PLATFORM

_NAMED_PLACES = 3
# A machine that only checks may lack what an instance cannot do without.
_REQUIRED = ("staging", "production")
_LOGIN = re.compile(r"://[^/@\s]*:[^/@\s]*@")
_URL = re.compile(r"[a-z][a-z0-9+.-]*://\S+")
# The address of a server with state mostly holds the password of its user.
_WITH_LOGIN = re.compile(
    r"(.*_)?(DATABASE|DB|POSTGRES|POSTGRESQL|PG|MYSQL|MONGO|MONGODB|REDIS|AMQP|RABBITMQ|BROKER)_(URL|URI|DSN)"
    r"|(.*_)?(SQLALCHEMY_DATABASE_URI|CONNECTION_STRING|DSN)"
)
_HEAD = """\
# The environment of this service: each variable, what it is for, what it may hold. hotelctl init wrote it
# from the code and the examples of env files; what it cannot know is left for you:
#   docs      say what the variable does; now it says where it was found
#   secret    guessed from name and type; a secret is never shown
#   type      as a settings class or an example has it
#   required  the profiles that cannot do without it; guessed where code or compose fail when it is not set
# hotelctl env explain KEY shows one; hotelctl explain --list names the rules that read this file.
"""


@dataclass(slots=True)
class _Key:
    """Where it is read, where an example shows it, and with which value.

    `needed` holds for each place whether the code fails there when it is not set; `named` is where a compose
    file gives it to what is built here or fills it in, `demanded` whether one refuses to go on without;
    `shapes` is what code declares of its values.
    """

    reads: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    value: str = ""
    needed: list[bool] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    demanded: bool = False
    shapes: set[ValueShape] = field(default_factory=set)


def env_draft(found: Survey) -> str | None:
    """The contract's text; None where no variable was found.

    A value of an example is repeated only where neither its key nor its shape is that of a secret.
    """
    keys = _keys(found)
    if not keys:
        return None
    blocks = (
        f"{_HEAD}schema = {toml_text.string(SCHEMA)}",
        *("\n".join(_block(k, v)) for k, v in keys.items()),
    )
    return "\n\n".join(blocks) + "\n"


def _keys(found: Survey) -> Mapping[str, _Key]:
    keys: dict[str, _Key] = {}
    for read in found.reads.reads:
        name = next((one for one in read.names if one in keys), read.names[0])
        if not PLATFORM.fullmatch(name):
            one = keys.setdefault(name, _Key())
            one.reads.append(f"{read.path}:{read.line}")
            one.needed.append(read.needed)
            one.shapes |= {read.shape} if read.shape else set()
    for path, text in found.examples.items():
        for entry in scan(path, text).entries:
            if PLATFORM.fullmatch(entry.key):
                continue
            one = keys.setdefault(entry.key, _Key())
            one.shown.append(f"{path}:{entry.line}")
            one.value = one.value or entry.value.reveal()
    _compose(found, keys)
    return dict(sorted(keys.items()))


def _compose(found: Survey, keys: dict[str, _Key]) -> None:
    """What compose files name is added to `keys`; what they give to images of others is not ours."""
    composed = (one for every in found.compose.compositions for one in every.services)
    built = (one for one in composed if one.context is not None)
    given = [(name, place, False) for one in built for name, place in one.sets.items()]
    references = (one for file in found.compose.files for one in file.references)
    asked = [(r.name, Location(r.path, r.line), r.required) for r in references]
    for name, place, demanded in dict.fromkeys((*given, *asked)):
        if not PLATFORM.fullmatch(name):
            one = keys.setdefault(name, _Key())
            one.named.append(str(place))
            one.demanded |= demanded


def _block(name: str, found: _Key) -> Iterator[str]:
    yield f"[keys.{toml_text.key(name)}]"
    yield f"docs = {toml_text.string(_docs(found))}"
    shape = next(iter(found.shapes)) if len(found.shapes) == 1 else ValueShape()
    secret = shape.secret or _is_secret(name, found.value)
    # Where one place does without it, its absence was thought of.
    if found.demanded or (found.needed and all(found.needed)):
        yield f"required = {toml_text.strings(_REQUIRED)}"
    kind = "url" if _URL.fullmatch(found.value) else shape.kind
    if kind != "str":
        yield f"type = {toml_text.string(kind)}"
    if shape.choices:
        yield f"choices = {toml_text.strings(shape.choices)}"
    if secret:
        yield "secret = true"
    elif found.value and by_shape(found.value) == found.value and live_kind(found.value) is None:
        yield f"example = {toml_text.string(found.value)}"


def _docs(found: _Key) -> str:
    read = f"Read in {_places(found.reads)}." if found.reads else ""
    shown = f"Shown in {_places(found.shown)}." if found.shown else ""
    named = f"Named in {_places(found.named)}." if found.named else ""
    return " ".join(filter(None, (read, shown, named)))


def _places(places: list[str]) -> str:
    several = list(dict.fromkeys(places))
    more = f" and {len(several) - _NAMED_PLACES} more" if len(several) > _NAMED_PLACES else ""
    return ", ".join(several[:_NAMED_PLACES]) + more


def _is_secret(name: str, value: str) -> bool:
    """A guess by the name; of an example's value alone, whether a log-in stands in it."""
    if EnvContract("", {}).is_exposed(name):
        return is_exposed_secret(name)
    named = is_secret_name(name) or _WITH_LOGIN.fullmatch(name) is not None
    return named or _LOGIN.search(value) is not None
