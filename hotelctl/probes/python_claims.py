"""What the project, its image and its CI say of the Python that they are for."""

import re
from collections.abc import Iterator

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from hotelctl.config.lines import line_of
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.facts.ci_python import read_ci
from hotelctl.facts.dockerfile import Dockerfile
from hotelctl.facts.python_claims import PythonClaim, PythonClaims, version_in, version_of
from hotelctl.probes.context import Context
from hotelctl.probes.dockerfiles import dockerfiles
from hotelctl.probes.pyproject import pyproject

_CI = (".github/workflows/*.yml", ".github/workflows/*.yaml", ".gitlab-ci.yml")
_LOCAL = ".python-version"
_OF_PYTHON = ("pyproject.toml", "setup.py", "setup.cfg", "*requirements*.txt", "Pipfile")
_LEGACY = (
    ("setup.cfg", r"^\s*python_requires\s*=\s*(\S.*)$"),
    ("setup.py", r"\bpython_requires\s*=\s*[\"']([^\"']+)"),
)
_CARET = re.compile(r"[~^](\d+)(?:\.(\d+))?(?:\.\d+)?")


def python_claims(context: Context) -> PythonClaims:
    """All that is said. Raises `NotApplicable` where fewer than two places say anything."""
    wanted, source = _wanted(context)
    images, doubts = _images(context)
    claims = [*images, *_local(context)]
    for path in (
        path for pattern in _CI for path in context.files.glob(context.configuration.project, pattern)
    ):
        name = str(path.relative_to(context.configuration.project))
        found, open_ends = read_ci(name, context.files.read(path).decode("utf-8-sig", errors="replace"))
        claims += found
        doubts += open_ends
    if wanted is None and not claims and not _has_python(context):
        # The image of a service in another language says nothing of Python.
        doubts = []
    if not doubts and len(claims) + (wanted is not None) < 2:  # noqa: PLR2004 - one voice agrees with itself
        raise NotApplicable("no two of pyproject.toml, image, CI and .python-version name a Python")
    return PythonClaims(wanted, source, tuple(claims), tuple(doubts))


def _has_python(context: Context) -> bool:
    """Whether something of the project says that it is one of Python."""
    return bool(context.repository.tracked(_OF_PYTHON))


def _wanted(context: Context) -> tuple[str | None, str]:
    """What the project supports, as a specifier, and the file and line that say so."""
    try:
        file = pyproject(context)
        said = file.table("project").get("requires-python")
        if isinstance(said, str):
            return _specifier(
                said, file.path
            ), f"{file.path}:{line_of(file.text, ('project', 'requires-python'))}"
        poetry = file.table("tool", "poetry", "dependencies").get("python")
        if isinstance(poetry, str):
            line = line_of(file.text, ("tool", "poetry", "dependencies", "python"))
            return _specifier(_plain(poetry), file.path), f"{file.path}:{line}"
    except NotApplicable:
        pass
    return next(_legacy(context), (None, ""))


def _legacy(context: Context) -> Iterator[tuple[str, str]]:
    for name, pattern in _LEGACY:
        path = context.configuration.project / name
        if context.files.is_file(path):
            text = context.files.read(path).decode("utf-8-sig", errors="replace")
            if hit := re.search(pattern, text, re.MULTILINE):
                yield _specifier(hit[1].strip(), name), f"{name}:{text[: hit.start(1)].count(chr(10)) + 1}"


def _plain(poetry: str) -> str:
    """Poetry's caret and tilde as the specifiers that it makes of them."""
    hit = _CARET.fullmatch(poetry.strip())
    if hit is None:
        return poetry
    floor = f">={poetry.strip()[1:]}"
    if poetry.strip().startswith("~") and hit[2]:
        return f"{floor},<{hit[1]}.{int(hit[2]) + 1}"
    return f"{floor},<{int(hit[1]) + 1}"


def _specifier(text: str, path: str) -> str:
    try:
        return str(SpecifierSet(text))
    except InvalidSpecifier as error:
        raise Unavailable(f"{path}: {text[:60]!r} is no version specifier") from error


def _images(context: Context) -> tuple[list[PythonClaim], list[str]]:
    """Of the final stage of the service's own Dockerfile."""
    try:
        found = dockerfiles(context)
    except NotApplicable:
        return [], []
    if not found.files:
        return [], [one.why for one in found.unread]
    return _image(found.files[0])


def _image(file: Dockerfile) -> tuple[list[PythonClaim], list[str]]:
    base = file.lineage(file.final)[0]
    place = f"{file.path}:{base.start.line}"
    if base.base.is_open:
        return [], [f"{place}: which image {base.base.text} is depends on what the build is given"]
    said = version_of(base.base)
    if said is None:
        return [], [f"{place}: {base.base.text} does not say in its name which Python it holds"]
    return [PythonClaim("image", file.path, base.start.line, base.base.text, *said)], []


def _local(context: Context) -> Iterator[PythonClaim]:
    path = context.configuration.project / _LOCAL
    if not context.files.is_file(path):
        return
    lines = context.files.read(path).decode("utf-8-sig", errors="replace").splitlines()
    for number, line in enumerate(lines, start=1):
        if said := version_in(line.strip()):
            yield PythonClaim("local", _LOCAL, number, line.strip(), *said)
