"""The first service file and env contract of a project; what somebody wrote is never written over."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from rich.console import Console

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.evidence import Unrecorded
from hotelctl.adapters.files import LocalFiles
from hotelctl.cli._found import found_here
from hotelctl.cli._options import TextOrJson
from hotelctl.cli._places import LOCAL, part
from hotelctl.config.env_draft import env_draft
from hotelctl.config.load import FILE_NAME, drafted, written_file
from hotelctl.config.service_draft import CONTRACTS, service_draft
from hotelctl.core.errors import Unavailable, UsageError
from hotelctl.core.redact import Redactor
from hotelctl.facts.env_contract import SCHEMA, parse_contract
from hotelctl.facts.found.survey import Survey
from hotelctl.render import facts
from hotelctl.render.facts import Rows
from hotelctl.render.found import found_rows, missing_rows
from hotelctl.render.words import plural


@dataclass(frozen=True, slots=True)
class Drafts:
    """What would be written: texts by their names. `kept` is an env contract that is there already."""

    root: Path
    found: Survey
    texts: dict[str, str]
    kept: str | None


def initialise(form: TextOrJson, console: Console, *, dry_run: bool, force: bool) -> None:
    """Write what is not there yet, or with `dry_run` print what would be written.

    Raises:
        UsageError: as `drafts` and `wrote` do.

    """
    made = drafts()
    if dry_run and form is TextOrJson.CONSOLE:
        typer.echo(printed(made), nl=False)
        return
    facts.FORMATS[form](told(made, ()) if dry_run else wrote(made, force=force), console)


def drafts() -> Drafts:
    """What was found, and the files that say so; the own readers accept both.

    Raises:
        UsageError: an env contract is there and cannot be read.

    """
    root = part()
    found = found_here(root)
    name, is_there = _contract(root)
    contract = None if is_there else env_draft(found)
    service = service_draft(found, name if is_there or contract else None)
    drafted(service, root, LOCAL)
    texts = {FILE_NAME: service}
    if contract is not None:
        parse_contract(name, contract)
        # The service file is written last: it names the contract.
        texts = {name: contract, **texts}
    return Drafts(root, found, texts, name if is_there else None)


def _contract(root: Path) -> tuple[str, bool]:
    """Where the contract stands or shall stand, and whether it is there; files of others are left alone."""
    for name in CONTRACTS:
        path = root / name
        if not _files(root).exists(path):
            return name, False
        try:
            text = path.read_bytes().decode(errors="replace")
        except OSError:
            continue
        if SCHEMA in text:
            try:
                parse_contract(name, text)
            except Unavailable as trouble:
                raise UsageError(trouble.reason, f"mend or remove {name}") from trouble
            return name, True
    raise UsageError(f"{' and '.join(CONTRACTS)} are there and are no env contracts", "move one of them away")


def _files(root: Path) -> LocalFiles:
    return LocalFiles(Unrecorded(Redactor(), SystemClock()), root)


def printed(made: Drafts) -> str:
    """The files as they would be written, each under its name."""
    return "\n".join(f"# ---- {name}\n{text}" for name, text in made.texts.items())


def wrote(made: Drafts, *, force: bool) -> Rows:
    """The files are written; rows of what was found, what was not, and what was written.

    Raises:
        UsageError: a service file is there already, and `force` is false; or its place is taken.

    """
    files = _files(made.root)
    there = written_file(made.root)
    if there is not None and not force:
        shown = there.relative_to(made.root)
        raise UsageError(
            f"{shown} is there already",
            "hotelctl init --dry-run prints what would be written, --force replaces hotelctl.toml",
        )
    for name, text in made.texts.items():
        files.write_durable(made.root / name, text.encode())
    return told(made, tuple(made.texts))


def told(made: Drafts, written: tuple[str, ...]) -> Rows:
    """What was found and what was not, for people and programs."""
    found, missing = list(found_rows(made.found)), list(missing_rows(made.found))
    ends = list(_endings(made, written))
    raw: dict[str, Any] = {
        "found": found,
        "missing": missing,
        "written": list(written),
        "kept": made.kept,
        "files": made.texts,
    }
    rows = [*found, *({**row, "where": ""} for row in missing), *ends]
    return Rows(rows, raw)


def _endings(made: Drafts, written: tuple[str, ...]) -> Iterator[dict[str, str]]:
    for name in written:
        place = os.path.relpath(made.root / name)
        yield {"what": "wrote", "value": place, "where": plural(made.texts[name].count("\n"), "line")}
    if made.kept:
        yield {"what": "kept", "value": made.kept, "where": "the env contract that is there"}
    if written:
        yield {
            "what": "next",
            "value": f"read {os.path.relpath(made.root / FILE_NAME)}, then hotelctl validate",
            "where": "",
        }
