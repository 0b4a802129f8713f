"""The first service file of a project: what was found is set, what must be decided is shown as a comment."""

import re
from collections.abc import Iterator, Sequence

from hotelctl.config import service_proposals as proposed
from hotelctl.config import toml_text
from hotelctl.facts.found.place import Found
from hotelctl.facts.found.survey import Survey
from hotelctl.facts.template_names import is_template

CONTRACTS = ("env.toml", "hotelctl-env.toml")
"""Where an env contract may stand; the second one where the first is somebody else's file."""

_LONGEST_NAME = 41
_HEAD = """\
# What hotelctl knows of this service. hotelctl init wrote it from what it found; a comment behind a line
# says where.
# What begins with "#:" is a proposal that nothing reads: take the mark away once it is right.
# Validation works with this file as it is; a deploy needs [tests], [build], [run] and [health], too.
schema = "hotelctl.service/1"
"""


def service_draft(found: Survey, contract: str | None) -> str:
    """The file's text; `contract` is the path of the env contract, None where the project has none.

    The own reader accepts it, and nothing in it was not found: proposals are comments.
    """
    parts = (
        [_HEAD.rstrip("\n")],
        list(_service(found)),
        list(_env(found, contract)),
        list(_migrations(found)),
        list(_tests(found)),
        *(list(lines) for lines in proposed.parts(found)),
        list(_doubts(found)),
    )
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def _line(key: str, value: str, found: Found | None) -> str:
    said = f"{key} = {value}"
    return f"{said}  {toml_text.comment(found.place)}" if found else said


def _service(found: Survey) -> Iterator[str]:
    yield "[service]"
    yield _line("name", toml_text.string(service_name(found)), found.name)
    yield _line("title", toml_text.string(found.name.value), None)
    version = found.version_file
    if version is not None:
        yield _line("version_file", toml_text.string(version.path), version)


def service_name(found: Survey) -> str:
    """The project's name as service files spell it: lower-case letters, digits and dashes."""
    words = re.sub(r"[^a-z0-9]+", "-", found.name.value.lower()).strip("-")
    return re.sub(r"^[0-9-]+", "", words)[:_LONGEST_NAME].rstrip("-") or "service"


def _env(found: Survey, contract: str | None) -> Iterator[str]:
    example, files = example_of(found), env_files_of(found)
    if not (contract or example or files):
        return
    yield "[env]"
    if contract:
        yield _line("contract", toml_text.string(contract), None)
    if example:
        yield _line("example", toml_text.string(example), None)
    if files:
        yield "# Read where they are present; later ones win."
        yield _line("files", toml_text.strings(files), None)


def example_of(found: Survey) -> str | None:
    """The example of an env file that is nearest to the root."""
    return next(iter(found.files.examples), None)


def env_files_of(found: Survey) -> Sequence[str]:
    """The env files beside the example; without an example those of the directory that has any."""
    composed = _composed(found)
    example = example_of(found)
    near = example or next(iter(found.files.env_files), None)
    if near is None:
        return composed
    place = near.rpartition("/")[0]
    beside = [path for path in found.files.env_files if path.rpartition("/")[0] == place]
    own = [path for path in beside if path.rpartition("/")[2] in {".env", ".env.local"}]
    first = own or ([f"{place}/.env".lstrip("/")] if example else [])
    return list(dict.fromkeys((*first, *composed)))


def _composed(found: Survey) -> Sequence[str]:
    """The env files that compositions at the root give to what is built here, but examples."""
    at_the_root = (every for every in found.compose.compositions if "/" not in every.files[0])
    built = (one for every in at_the_root for one in every.services if one.context is not None)
    return list(dict.fromkeys(name for one in built for name in one.env_files if not is_template(name)))


def _migrations(found: Survey) -> Iterator[str]:
    readable = [one for one in found.migrations if not one.why]
    first, *others = (*readable, *(one for one in found.migrations if one.why)) or (None,)
    if first is not None:
        yield f"[migrations]  {toml_text.comment(first.shown_by)}"
        yield _line("kind", toml_text.string("other" if first.why else first.kind), None)
        yield _line("directory", toml_text.string(first.directory), None)
        if first.why:
            yield _line("why", toml_text.string(first.why), None)
        if first.kind == "alembic":
            yield "# A program of the release that upgrades to the newest revision, or to --revision ID."
            yield '#: command = ["{venv}/bin/python", "-m", "yourpackage.migrate"]'
    for one in others:
        why = one.why or "a service file names one directory"
        more = f" and {one.more} more" if one.more else ""
        yield toml_text.comment(f"not read: {one.directory}{more} ({one.kind}, {one.shown_by}): {why}")


def _tests(found: Survey) -> Iterator[str]:
    if found.files.results:
        yield "[tests]"
        yield _line("results", toml_text.strings(found.files.results), None)
        yield "# JUnit files that another run left; they count while they are newer than the checkout."
        yield "# A deploy needs command instead: it runs in a clean export and leaves JUnit XML in {junit}."


def _doubts(found: Survey) -> Iterator[str]:
    if found.doubts:
        yield "# Could not be read, so what stands there is not in this file:"
    for path, why in sorted(found.doubts.items()):
        yield toml_text.comment(f"{path}: {why}")
