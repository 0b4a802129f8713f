"""Findings about what a scanner takes for a secret in files."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from hotelctl.checks.secrets.severity import severity_of
from hotelctl.core.finding import CommandOutput, FileExcerpt, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.core.some_of import some_of
from hotelctl.facts.leaks import Leak


def findings(argv: tuple[str, ...], found: Iterable[Leak], fix: Callable[[Leak], str]) -> Iterator[Finding]:
    """One a rule of the scanner and file; what it only guesses of samples is one finding together."""
    together: defaultdict[tuple[str, str], list[Leak]] = defaultdict(list)
    guesses: list[Leak] = []
    for one in sorted(found, key=lambda leak: (leak.path, leak.rule, leak.line)):
        kind = guesses if severity_of(one) is Severity.INFO else together[one.path, one.rule]
        kind.append(one)
    for leaks in together.values():
        yield _finding(argv, sorted(leaks, key=lambda leak: -severity_of(leak)), fix)
    if guesses:
        yield _of_guesses(guesses)


def _finding(argv: tuple[str, ...], leaks: Sequence[Leak], fix: Callable[[Leak], str]) -> Finding:
    worst = leaks[0]
    marks = some_of(tuple(dict.fromkeys(f"{one.place} {one.mark}" for one in leaks)))
    doubt = f"; perhaps none: {worst.doubt}" if worst.doubt else ""
    words = f"{worst.path}: {worst.rule} ({worst.confidence} confidence): {marks}{doubt}"
    return Finding(
        subject=worst.rule,
        message=words,
        evidence=(CommandOutput(argv, 1, by_shape(words)),),
        location=Location(worst.path, None if worst.named else worst.line),
        fix=fix(worst),
        severity=severity_of(worst),
    )


def _of_guesses(leaks: Sequence[Leak]) -> Finding:
    places = some_of(tuple(f"{one.path}:{one.line} {one.rule} {one.mark}" for one in leaks))
    words = f"{len(leaks)} values of low confidence in samples: {places}"
    return Finding(
        subject="samples",
        message=words,
        evidence=tuple(
            FileExcerpt(one.path, one.line, by_shape(f"{one.rule} {one.mark}: {one.doubt}")) for one in leaks
        ),
        fix="look through the places that the evidence names",
        severity=Severity.INFO,
    )
