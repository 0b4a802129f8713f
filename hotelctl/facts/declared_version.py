"""The version that a project's own files declare."""

import ast
import json
import posixpath
import tomllib
from collections.abc import Callable, Iterator
from typing import Any

Read = Callable[[str], bytes]
_NAMES = ("__version__", "VERSION", "version")


def declared_version(name: str, read: Read) -> str:
    """The version of a package.json, of a TOML file's `[project]` or `[tool.poetry]`, or what a .py assigns.

    A TOML file may name another one that says it, as hatch and setuptools read it; nothing is run. `read`
    gives the bytes of a file by its path in the project.

    Raises:
        OSError: what `read` raises of `name` itself.
        ValueError: it is none of these, or declares no version as a text.

    """
    text = read(name).decode("utf-8-sig")
    try:
        if name.endswith(".py"):
            found = _assigned(text, _NAMES)
        elif name.endswith(".json"):
            found = json.loads(text)["version"]
        else:
            found = _of_project(tomllib.loads(text), posixpath.dirname(name), read)
    except (KeyError, TypeError, AttributeError, SyntaxError, RecursionError) as error:
        raise ValueError(f"{name} declares no version") from error
    if not isinstance(found, str):
        raise ValueError(f"{name}: version is no text")  # noqa: TRY004 - what the file holds, not what was passed
    return found


def _of_project(said: dict[str, Any], directory: str, read: Read) -> Any:  # noqa: ANN401 - what a file holds
    project, tool = said.get("project", {}), said.get("tool", {})
    if "version" in project:
        return project["version"]
    if "version" in tool.get("poetry", {}):
        return tool["poetry"]["version"]
    for path, names in _elsewhere(tool):
        place = posixpath.normpath(posixpath.join(directory, path))
        if place.startswith(("/", "..")):
            raise ValueError(f"the version is said in {place}, which is outside of the project")
        try:
            text = read(place).decode("utf-8-sig")
        except (OSError, UnicodeDecodeError):
            continue
        return _assigned(text, names) if names else text.strip()
    raise KeyError("version")


def _elsewhere(tool: dict[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The file that says it and the names it may assign it to, none where it holds nothing else."""
    hatch = tool.get("hatch", {}).get("version", {})
    if "path" in hatch and "pattern" not in hatch:
        yield hatch["path"], _NAMES
    dynamic = tool.get("setuptools", {}).get("dynamic", {}).get("version", {})
    if "file" in dynamic:
        files = dynamic["file"]
        yield from ((path, ()) for path in ([files] if isinstance(files, str) else files))
    if "attr" in dynamic:
        module, _, attribute = dynamic["attr"].rpartition(".")
        place = module.replace(".", "/")
        for path in (f"{place}.py", f"{place}/__init__.py"):
            yield path, (attribute,)
            yield f"src/{path}", (attribute,)


def _assigned(text: str, names: tuple[str, ...]) -> str:
    """The text that a module gives to one of these names. Raises `KeyError`."""
    for one in ast.parse(text).body:
        targets = one.targets if isinstance(one, ast.Assign) else ()
        targets = [one.target] if isinstance(one, ast.AnnAssign) else targets
        value = getattr(one, "value", None)
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            for target in targets:
                if isinstance(target, ast.Name) and target.id in names:
                    return value.value
    raise KeyError(names[0])
