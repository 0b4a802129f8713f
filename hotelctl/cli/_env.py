"""The env contract as people ask for it: one key, two files, the example."""

import difflib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hotelctl.cli._context import context_of
from hotelctl.cli._contract import contract_of
from hotelctl.cli._places import STATE
from hotelctl.cli._secrets import kept
from hotelctl.cli._wiring import Asked, configure, layout_of, templates, unrecorded_files, wired
from hotelctl.config.load import Configuration
from hotelctl.config.release_env import compose, env_files
from hotelctl.core.errors import UsageError
from hotelctl.core.judging import FactStore
from hotelctl.core.redact import Redactor
from hotelctl.deploy.traffic import Traffic
from hotelctl.facts.code_reads import CodeReads
from hotelctl.facts.env_contract import EnvContract
from hotelctl.facts.env_example import named_keys, written
from hotelctl.facts.env_files import Entry, EnvFile, scan
from hotelctl.facts.live_credential import credentials
from hotelctl.facts.release_environment import ReleaseEnvironment, Setting
from hotelctl.probes.registry import PROBES
from hotelctl.render.facts import Rows
from hotelctl.render.words import plural

_EXAMPLE = ".env.example"
_SHOWN_READS = 3


def explained(asked: Asked, key: str) -> Rows:
    """What is known of `key`, the secret's value as its length and keyed hash.

    Raises:
        UsageError: there is no contract, it cannot be read, or it has no such key.

    """
    configuration = configure(asked)
    contract = contract_of(configuration)
    if key not in contract.keys:
        near = difflib.get_close_matches(key.upper(), contract.keys, n=1)
        did_you_mean = f"; did you mean {near[0]}?" if near else ""
        known = f"{contract.path} lists the keys"
        raise UsageError(f"{contract.path} has no key {key}{did_you_mean}", known)
    rule = contract.keys[key]
    raw: dict[str, Any] = {"key": key, "declared": f"{contract.path}:{contract.lines.get(key)}"}
    raw |= rule.model_dump(mode="json", exclude_defaults=True)
    if rule.secret:
        raw |= {"default": _is_set(rule.default), "example": _is_set(rule.example)}
    raw["due"] = rule.due.isoformat() if rule.due else None
    with _facts(configuration) as facts:
        environment: ReleaseEnvironment = facts.get(ReleaseEnvironment).value
        code: CodeReads | None = facts.get(CodeReads).value
    redactor = _hiding(configuration, contract)
    raw |= _set(environment.settings.get(key), contract, redactor)
    raw["read_by"] = [f"{r.path}:{r.line}" for r in (code.reads if code else ()) if key in r.names]
    raw = _without_secrets(raw, redactor)
    return Rows([*_lines(raw)], raw)


@contextmanager
def _facts(configuration: Configuration) -> Iterator[FactStore]:
    """The facts of the environment; nothing of it is evidence, nothing is started."""
    with wired(configuration, None, {}, start_database=False) as wiring:
        context = context_of(wiring, Traffic(None), wiring.layout.state)
        yield FactStore(PROBES, context, wiring.ports.evidence)


def _is_set(value: str | None) -> str:
    return "not set" if value is None else "set"


def _without_secrets(told: Any, redactor: Redactor) -> Any:  # noqa: ANN401 - whatever JSON holds
    """The same with every text in it redacted."""
    if isinstance(told, dict):
        return {word: _without_secrets(value, redactor) for word, value in told.items()}
    if isinstance(told, list):
        return [_without_secrets(value, redactor) for value in told]
    return redactor(told) if isinstance(told, str) else told


def _set(setting: Setting | None, contract: EnvContract, redactor: Redactor) -> dict[str, str | None]:
    if setting is None:
        return {"set_in": None, "value": None}
    return {
        "set_in": setting.source,
        "value": _shown(setting.key, setting.value.reveal(), contract, redactor),
    }


def _lines(raw: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for word, value in raw.items():
        if value is not None and value != []:
            yield {"what": word.replace("_", " "), "value": _words(word, value)}
    if raw["set_in"] is None:
        yield {"what": "set in", "value": f"nowhere; the default is {raw.get('default') or 'none'}"}


def _words(word: str, value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} is {' or '.join(some) or 'set'}" for key, some in value.items())
    if isinstance(value, list | tuple):
        shown = value[:_SHOWN_READS] if word == "read_by" else value
        more = len(value) - len(shown)
        return ", ".join(map(str, shown)) + (f" and {more} more" if more else "")
    if isinstance(value, float):
        return f"{value:g}"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def compared(asked: Asked, first: Path, second: Path) -> Rows:
    """The keys that differ or that one file alone holds, in the order of the first file.

    Raises:
        UsageError: a file cannot be read, or the contract cannot.

    """
    configuration = configure(asked)
    contract, files = contract_of(configuration), (_read(first), _read(second))
    redactor = _hiding(configuration, contract, files)
    keys = dict.fromkeys(entry.key for file in files for entry in file.entries)
    differ, same = [], []
    for key in keys:
        one, other = (file.last(key) for file in files)
        if one is not None and other is not None and one.value == other.value:
            same.append(key)
            continue
        cells = [_cell(entry, contract, redactor) for entry in (one, other)]
        differ.append((key, *cells))
    # A file may be called "key", too.
    titles = ("key", f"in {first}", f"in {second}")
    shown = [dict(zip(titles, row, strict=True)) for row in differ]
    rows = [dict(zip(("key", "first", "second"), row, strict=True)) for row in differ]
    raw = {"first": str(first), "second": str(second), "same": same, "differ": rows}
    end = [] if shown else [{"what": "differs", "value": f"nothing; {plural(len(same), 'key')} alike"}]
    return Rows(shown or end, raw)


def _cell(entry: Entry | None, contract: EnvContract, redactor: Redactor) -> str:
    if entry is None:
        return "not set"
    return f"{_shown(entry.key, entry.value.reveal(), contract, redactor)} (line {entry.line})"


def _shown(key: str, value: str, contract: EnvContract, redactor: Redactor) -> str:
    """A value for people: a secret, or that of an unknown key, by its length and keyed hash."""
    if not value:
        return "empty"
    return redactor.mark(value) if contract.is_secret(key) else redactor(value)


def printed(asked: Asked) -> str:
    """The example as it would be written.

    Raises:
        UsageError: as `wrote`; or a live credential stands in it, which nobody is to see.

    """
    text = _example(configure(asked))[1]
    if live := next(credentials(text), None):
        raise UsageError(f"line {live.line} of the example holds what looks like {live.kind}", "revoke it")
    return text


def wrote(asked: Asked) -> str:
    """What was written where; a repeat changes nothing.

    Raises:
        UsageError: the contract or the example that is there cannot be read.

    """
    configuration = configure(asked)
    name = configuration.spec.env.example or _EXAMPLE
    before, text = _example(configuration)
    if text == before:
        return f"{name} holds every key already\n"
    unrecorded_files(configuration).write_durable(configuration.project / name, text.encode())
    added = [key for key in named_keys(text) if key not in named_keys(before)]
    return f"{name} written; {plural(len(added), 'key')} added: {', '.join(added)}\n"


EXAMPLES: Mapping[bool, Callable[[Asked], str]] = {False: printed, True: wrote}


def _example(configuration: Configuration) -> tuple[str, str]:
    """The example as it is, empty where there is none, and as it should be."""
    name = configuration.spec.env.example or _EXAMPLE
    path = configuration.project / name
    before = ""
    if path.exists():
        try:
            before = _bytes(path).decode()
        except UnicodeDecodeError as error:
            raise UsageError(f"{name}: is not UTF-8 (byte {error.start})", "save it as UTF-8") from error
    return before, written(contract_of(configuration), before)


def redactor_of(configuration: Configuration) -> Redactor:
    """What marks secrets with the key of this project, so that equal ones look equal."""
    return Redactor(
        kept(configuration.project / STATE / "key", unrecorded_files(configuration), keep=False).encode()
    )


def _hiding(configuration: Configuration, contract: EnvContract, files: Iterable[EnvFile] = ()) -> Redactor:
    """What hides every secret's value wherever it stands: of the process, the env files and `files`."""
    redactor = redactor_of(configuration)
    own = compose(configuration, templates(configuration, layout_of(configuration)), os.environ)
    for key in (key for key, rule in contract.keys.items() if rule.secret):
        for values in (own, os.environ):
            redactor.add(values.get(key, ""))
    for file in (*map(_read, env_files(configuration)), *files):
        for entry in file.entries:
            if contract.is_secret(entry.key):
                redactor.add(entry.value.reveal())
    return redactor


def _read(path: Path) -> EnvFile:
    return scan(str(path), _bytes(path))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}", "check the path given") from error
