"""BLD012: every import is declared."""

from collections import defaultdict
from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.finding import CommandOutput, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.declared_imports import DeclaredImports, UndeclaredImport


@check(
    "BLD012",
    "Every import is declared",
    severity=Severity.MEDIUM,
    rationale="A package that comes along with another one goes away with it, or comes in another version.",
    remediation="Add the package to the dependencies, or to the extra whose code imports it.",
    references=("https://deptry.com/rules-violations/",),
    stage=Stage.AUDIT,
)
def imports_are_declared(imports: DeclaredImports) -> Iterator[Finding]:
    """A finding for each module that the package imports and does not require; its first place is named."""
    places: defaultdict[str, list[UndeclaredImport]] = defaultdict(list)
    for one in imports.findings:
        places[one.module].append(one)
    for module, found in places.items():
        place = Location(found[0].path, found[0].line)
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        bringer = imports.bringers.get(module)
        how = f"comes along as {bringer}" if bringer else "no installed package has"
        yield Finding(
            subject=module,
            message=f"{place}{more}: imports {module}, which {how} and {imports.name} does not require",
            evidence=(CommandOutput(imports.argv, imports.exit_code, by_shape(f"{place} {module}")),),
            location=place,
            fix=f"add {bringer or f'the package that brings {module}'} to the dependencies of {imports.name}",
        )
