"""The section of docs/accuracy.md about migrations."""

from collections.abc import Iterator, Mapping

from benchmarks.planted.migrations.cases import HAZARDS, MEASURED, PARTS, UNCOUNTED, MigrationCase, of_part
from benchmarks.planted.migrations.score import Score, score
from benchmarks.schema.breaking import Seen

HEAD = "## Migrations"
LEAST = 0.97
"""Of precision and recall on the half that is set aside."""

Told = Mapping[str, frozenset[str]]
"""The labels that a tool gives each case, by its id."""

_INTRODUCTION = """
`python benchmarks/schema_accuracy.py` writes this section. {number} migrations of a shop's schema
(`benchmarks/planted/migrations`), each labelled with what it does to those who use the database
meanwhile. Every label was proven on a real server by means that share no code with hotelctl
(`python -m benchmarks.planted.migrations.prove`); where the server disagreed with the author, the server
was right. {naive} of the safe ones look like hazards to whoever only reads them. The sha256 of an id puts
a case into one of two halves: hazards are not mended by looking at the half *measured*.

- hotelctl runs each migration on an empty copy of the schema with {rows} made-up rows a table and watches.
  A filled copy, as a live database, is asked nothing but whether rows let a unique index fail that is built
  concurrently.
- *squawk {squawk}* reads it; the rules that hotelctl leaves out as matters of taste are left out here, too.
- *named*: of the unsafe cases, those of which one hazard at least is told by its right name. Plans that
  live sessions keep are not counted for either tool.
- Migrations and rules have authors who knew of each other's purpose: the figures promise nothing for yours.
"""

_OLD = """
### The release before on the schema after

{number} changes that break a running release (`breaking.toml` there), each with the statement of the
release that it breaks and the server's code. *said*: the statements that the release itself sent, tried
before and after; *kept*: the same as a deploy keeps them of its tests, without their values; *models*: what
Alembic's comparison of its models says, with a question mark where that depends on what it writes; *implied*:
the plainest statements that its schema promises to answer, for a release of which no statement is known.

| change | server's code | said | kept | models | implied |
|---|---|---|---|---|---|
"""


def section(
    told: Told, other: Told, squawk: Told, about: Mapping[str, str], breaking: tuple[Seen, ...]
) -> str:
    """Of what hotelctl says on PostgreSQL 18, on 16, and what squawk says; `about` fills the words."""
    lines = [HEAD, *_INTRODUCTION.format(**about).splitlines(), ""]
    lines += [
        "| half | tool | precision | recall | named | missed | false alarms |",
        "|---|---|---|---|---|---|---|",
    ]
    for part in PARTS:
        for tool, labels in (("hotelctl", told), ("squawk", squawk)):
            lines.append(_row(part, tool, score(of_part(part), labels)))
    lines += ["", *_by_hazard(told, squawk), "", *_versions(told, other)]
    lines += _OLD.format(number=len(breaking)).splitlines()
    lines += [_breaking(one) for one in breaking]
    sums = [sum(map(bool, column)) for column in zip(*map(_layers, breaking), strict=True)]
    lines.append(f"| **seen** | | {' | '.join(f'{one} of {len(breaking)}' for one in sums)} |")
    return "\n".join(lines) + "\n"


def keeps(told: Told, breaking: tuple[Seen, ...]) -> bool:
    """Whether the half that is set aside keeps the goals, and every breaking change was seen."""
    found = score(of_part(MEASURED), told)
    good = min(found.precision, found.recall, found.naming) >= LEAST
    return good and all(one.found for one in breaking)


def written(page: str, made: str) -> str:
    """The page with this section; other sections stay."""
    before, _, behind = page.partition(f"{HEAD}\n")
    rest = behind.partition("\n## ")
    after = f"\n## {rest[2]}" if rest[1] else ""
    return f"{before.rstrip()}\n\n{made}{after}"


def _row(part: str, tool: str, found: Score) -> str:
    shares = (f"{value:.3f}" for value in (found.precision, found.recall, found.naming))
    return f"| {part} | {tool} | {' | '.join(shares)} | {len(found.missed)} | {len(found.alarms)} |"


def _by_hazard(told: Told, squawk: Told) -> Iterator[str]:
    yield "Of the half that is set aside, by hazard: found of those that have it, and told of others."
    yield ""
    yield "| hazard | hotelctl found | told wrongly | squawk found | told wrongly |"
    yield "|---|---|---|---|---|"
    among = of_part(MEASURED)
    for hazard in sorted(HAZARDS - UNCOUNTED):
        cells = " | ".join(
            f"{_found(hazard, among, one)} | {_wrong(hazard, among, one)}" for one in (told, squawk)
        )
        yield f"| {hazard} | {cells} |"


def _found(hazard: str, among: tuple[MigrationCase, ...], told: Told) -> str:
    having = [case for case in among if hazard in case.hazards]
    return f"{sum(hazard in told[case.id] for case in having)} of {len(having)}"


def _wrong(hazard: str, among: tuple[MigrationCase, ...], told: Told) -> int:
    return sum(hazard in told[case.id] for case in among if hazard not in case.hazards)


def _versions(told: Told, other: Told) -> Iterator[str]:
    different = sorted(name for name in told if told[name] - UNCOUNTED != other[name] - UNCOUNTED)
    said = ", ".join(f"`{name}`" for name in different) or "none"
    yield f"Judged differently on PostgreSQL 16 and 18: {said}."


def _layers(one: Seen) -> tuple[object, ...]:
    """What each layer saw of it, in the order of the columns."""
    return one.found, one.kept, one.models, one.implied


def _breaking(one: Seen) -> str:
    said = one.said if one.found else f"**{one.said or 'not seen'}**"
    cells = (
        said,
        one.kept or "not seen",
        *(", ".join(codes) or "not seen" for codes in (one.models, one.implied)),
    )
    return f"| {one.case.id} | {one.case.sqlstate} | {' | '.join(cells)} |"
