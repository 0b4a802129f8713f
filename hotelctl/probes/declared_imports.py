"""What deptry says of the imports of the package as it is installed in its fresh environment."""

from pathlib import Path

from hotelctl.core.errors import Unavailable
from hotelctl.core.kept import Question
from hotelctl.facts import declared_imports as deptry
from hotelctl.facts.declared_imports import DeclaredImports, UndeclaredImport
from hotelctl.facts.import_names import import_names
from hotelctl.facts.installation import Installation
from hotelctl.facts.program_answer import ended
from hotelctl.facts.wheel import Wheel
from hotelctl.probes.context import Context

_LIMIT_BYTES = 5_000_000


def declared_imports(context: Context, wheel: Wheel, installation: Installation) -> DeclaredImports:
    """Imports that the requirements of the wheel do not name, in what it installed."""
    if installation.install_exit != 0:
        raise Unavailable("the artifact does not install, so its imports cannot be looked up")
    python = [name for name in wheel.digests if name.endswith(".py") and "/" in name]
    tops = sorted({name.partition("/")[0] for name in python} - {f"{wheel.name}.data"})
    if not tops:
        raise Unavailable(f"{wheel.name} holds no package directory for deptry to look at")
    package = wheel.described()
    place, site, modules = _site(context, installation)
    modules.pop(package.name.lower(), None)
    settings = deptry.settings(package).encode()
    context.files.write_durable(place / "pyproject.toml", settings)
    answer = place / "answer.json"
    words = deptry.command(tops, str(place / "pyproject.toml"), str(answer), modules)

    def ask() -> tuple[UndeclaredImport, ...]:
        given = _asked(context, words, site, answer)
        if deptry.sources(context.files.digests(site, tops)) != sources:
            raise Unavailable("the installed package was changed while deptry read it")
        return given

    sources = deptry.sources(context.files.digests(site, tops))
    # The directory of this command alone is another one each time.
    plain = tuple(word.replace(str(context.workspace), "") for word in words)
    question = Question(deptry.PROGRAM, plain, {"settings": settings, "sources": sources})
    found = context.kept.once(tuple[UndeclaredImport, ...], question, ask)
    bringers = {module: name for name, brought in modules.items() for module in brought}
    return DeclaredImports(package.name, (deptry.PROGRAM, *tops), int(bool(found)), found, bringers)


def _asked(
    context: Context, words: tuple[str, ...], site: Path, answer: Path
) -> tuple[UndeclaredImport, ...]:
    """What it says of the packages in `site`; it ends with 1 where it found something."""
    done = context.run_tool(deptry.PROGRAM, *words, cwd=site)
    code = ended(deptry.PROGRAM, done, deptry.ENDS)
    if not context.files.is_file(answer):
        raise Unavailable("deptry wrote no answer")
    return deptry.findings(context.files.read(answer).decode(errors="replace"), code)


def _site(context: Context, installation: Installation) -> tuple[Path, Path, dict[str, tuple[str, ...]]]:
    """A directory for deptry's files, the site-packages that it looks at, and what is installed there."""
    lists = context.files.glob(installation.venv, "lib/*/site-packages/*.dist-info/RECORD")
    if not lists:
        raise Unavailable("the environment of the artifact holds no package")
    site = lists[0].parent.parent
    names = [str(path.relative_to(site)) for path in lists]
    return context.workspace / "deptry", site, import_names(context.files.contents(site, names, _LIMIT_BYTES))
