"""How services of compose files become one: files that override others, and services that extend others.

Source: the Compose Specification, "Merge" and "Extend".
"""

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import replace

from hotelctl.core.errors import Unavailable
from hotelctl.facts.compose_tree import OVERRIDE, RESET, Part

Services = Mapping[str, Part]
_LONGEST_CHAIN = 20


def overridden(below: Services, above: Services, *, all_of_them: bool = False) -> Services:
    """The services of two files of which the second one overrides the first, or all of its services."""
    found = {} if all_of_them else dict(below)
    for name, part in above.items():
        found[name] = merged(found[name], part) if name in found else part
    return found


def merged(below: Part, above: Part, keys: tuple[str, ...] = ()) -> Part:
    """One service: texts are replaced, lists continued, tables merged key by key."""
    if above.tag in (RESET, OVERRIDE):
        return above
    if form := _FORMS.get(keys):
        below, above = form(below), form(above)
    if above.text == "" and (below.table is not None or below.items is not None):
        return below
    if keys == ("healthcheck", "test"):
        return above
    if below.table is not None and above.table is not None:
        table = dict(below.table)
        for key, part in above.table.items():
            table[key] = merged(table[key], part, (*keys, key)) if key in table else part
        return replace(above, table=table, named=below.named)
    if below.items is not None and above.items is not None:
        return replace(above, items=(*below.items, *above.items))
    return above


def extended(
    name: str, path: str, services: Callable[[str], Services], seen: tuple[tuple[str, str], ...] = ()
) -> Part:
    """The service `name` of the file `path`, merged over what it extends; `services` reads a file.

    Raises:
        Unavailable: what it extends is not there, cannot be read, or is itself; with the place.

    """
    part = services(path)[name]
    said = part.get("extends")
    if said is None:
        return part
    other = extended_file(said)
    target = said.text or said.said("service")
    if other is None:
        raise Unavailable(f"{said.place}: {name} extends what cannot be told: {said.said('file')}")
    seen = (*seen, (path, name))
    if (other, target) in seen or len(seen) > _LONGEST_CHAIN:
        raise Unavailable(f"{said.place}: {name} extends itself in the end")
    try:
        known = services(other)
    except Unavailable as error:
        raise Unavailable(f"{said.place}: {name} extends {target} of {other}: {error.reason}") from error
    if target not in known:
        raise Unavailable(f"{said.place}: {name} extends {target}, which {other} does not have")
    return merged(extended(target, other, services, seen), part)


def extended_file(said: Part) -> str | None:
    """The file that `extends` means, from the project; None where nobody can tell before it runs."""
    named = said.said("file")
    return beside(said.place.path, named) if named else said.place.path


def beside(path: str, name: str) -> str | None:
    """The file `name` as the file `path` means it, from the project; None for what lies outside."""
    if "$" in name or "://" in name or name.startswith(("/", "~", "git@")):
        return None
    found = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
    return None if found.startswith("..") else found


def _with_context(part: Part) -> Part:
    """`build: DIRECTORY` as the table that it stands for."""
    return part if not part.text else replace(part, text=None, table={"context": replace(part)})


def _by_name(part: Part) -> Part:
    """`[NAME=VALUE]` as the table that it stands for."""
    if part.items is None:
        return part
    table: dict[str, Part] = {}
    for one in part.items:
        name, _, value = (one.text or "").partition("=")
        if name.strip():
            table[name.strip()] = replace(one, text=value, named=one.place)
    return replace(part, items=None, table=table)


def _as_list(part: Part) -> Part:
    return replace(part, text=None, items=(part,)) if part.text else part


_FORMS: Mapping[tuple[str, ...], Callable[[Part], Part]] = {
    ("build",): _with_context,
    ("environment",): _by_name,
    ("env_file",): _as_list,
}
