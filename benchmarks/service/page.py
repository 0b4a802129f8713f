"""The figures as a page for people: docs/performance-service.md."""

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.service.big import ENTRIES, GUESTS, TICKETS
from benchmarks.service.figures import Spread
from benchmarks.service.goals import Goal
from benchmarks.service.meter import MOST_OTHERS

_VERDICTS = {True: "kept", False: "**missed**", None: "not judged"}
_PAGE = """# How fast the service is

Written by `python benchmarks/service_load.py`; do not edit. One process of the service with the limits and
settings that it comes with, on a throw-away {database} that keeps its promises (fsync on), {hotels:,} hotels
with {tickets} tickets each. Machine: {cores} cores, {memory} of memory, {python}; server, database and
generator share its cores.

- *Open model*: requests are due at fixed times, {rate:g} a second, whatever became of those before, and a
  latency counts from the moment a request was due. What failed or took longer than ten seconds counts as
  slower than everything else. Each round's first {warm:g} s are dropped.
- *Who asks*: every hotel in turn, as its own manager or guest, so that no limit is switched off and none is
  reached. The generator speaks as a trusted proxy on the same machine and names another client address for
  each person (`X-Forwarded-For`). People have sessions as the pages open them; a log-in costs one password
  hash of the default price.
- *Rounds*: all rows take turns. A figure is the median of {rounds} rounds, least and greatest round behind
  it; a round in which others used more than {others:.0%} of the cores is left out and done again (left out
  here: {left_out}).

## Goals

| what | goal | found | |
|---|---|---|---|
{goals}

## At {rate:g} requests a second

Milliseconds. *Database* is an upper bound of the 95th percentile of single statements, by the service's own
`hotel_db_query_seconds`.

| what | n | failed | p50 | p95 | p99 | max | reached/s | database |
|---|---|---|---|---|---|---|---|---|
{scenarios}

Of all cores together they took, in the middle round:

| what | server | database | generator | others |
|---|---|---|---|---|
{shares}

## The highest rate that is kept up

Nothing fails, 95 % are answered within 200 ms of when they were due and the queue does not grow; found by
halves to about 3 %. *Entry by key* is one entry of the hotel's knowledge, read by its manager: session
checked, limit counted, the hotel's rows only, one line in the log. The bare endpoints answer the same row
with the same server, framework and driver and do nothing else.

| what | requests/s | server's CPU, ms a request | generator's share of the cores | entry by key / this |
|---|---|---|---|---|
{capacity}

## Pages

{loads} loads each with everything that the page loads from the service, nothing kept from before, one after
the other, each in another hotel.

| page | bytes | files | first byte p95, ms | whole p50, ms | whole p95, ms |
|---|---|---|---|---|---|
{pages}

## Every read of the API

{alone} reads of each route, one after the other, each by another hotel's manager.

| route | p50, ms | p95, ms |
|---|---|---|
{reads}

## Every write of the API

{alone} of each route, one after the other, each by another hotel's manager or guest, without what makes the
things that they are about. Left out: what is measured at a rate above, what costs a password's hash by
design or ends the log-ins of who asks, and the webhook of payments, which is not set up.

| route | p50, ms | p95, ms |
|---|---|---|
{writes}

## The first word of an answer

From a guest's question to the first piece of its answer over `text/event-stream`, {alone} of them one after
the other.

| asked in | p50, ms | p95, ms |
|---|---|---|
{first_words}

## A big hotel

One hotel with {entries:,} entries and {most_tickets} tickets among the others, {alone} requests of each
route, one after the other, by its manager and {guests} guests in turn.

| route | p50, ms | p95, ms |
|---|---|---|
{big}

## Memory

{minutes:g} minutes of all four kinds mixed at {rate:g} requests a second, {samples} samples:
{memory_first:.0f} MB at the beginning, {memory_last:.0f} MB at the end, slope {slope:+.2f} MB/min
(95 %: {low:+.2f} to {high:+.2f}). p95 {soak_p95} ms, {soak_failed} of {soak_n} requests failed,
{bad_lines} lines of the log tell of an error. At most {used} of {size} database connections were in use, and
{waiting} requests waited for one.
"""


def page(found: Mapping[str, Any], judged: list[Goal]) -> str:
    """The whole page."""
    extent, soak, big = found["extent"], found["soak"], found["big-hotel"]
    growth, load = soak["growth_mb_per_min"], soak["load"]
    return _PAGE.format(
        **found["machine"],
        **extent["size"],
        rate=extent["rate"],
        warm=extent["warm_s"],
        rounds=extent["rounds"],
        others=MOST_OTHERS,
        left_out=sum(row["disturbed_rounds"] for row in found["scenarios"].values()),
        goals=_lines(_goals(judged)),
        scenarios=_lines(_scenarios(found["scenarios"])),
        shares=_lines(_shares(found["scenarios"])),
        capacity=_lines(_capacity(found["capacity"])),
        loads=extent["page_loads"],
        pages=_lines(_pages(found["pages"])),
        alone=extent["alone"],
        reads=_lines(_routes(found["reads"])),
        writes=_lines(_routes(found["writes"])),
        first_words=_lines(_routes([*found["first-token"], *big["first-token"]])),
        big=_lines(_routes(big["routes"])),
        entries=ENTRIES,
        most_tickets=TICKETS,
        guests=GUESTS,
        minutes=soak["minutes"],
        samples=len(soak["samples"]),
        memory_first=soak["samples"][0][1],
        memory_last=soak["samples"][-1][1],
        slope=growth["value"],
        low=growth["low"],
        high=growth["high"],
        soak_p95=_number(load["p95_ms"]),
        soak_failed=load["failed"],
        soak_n=load["n"],
        bad_lines=soak["bad_lines"],
        **soak["pool"],
    )


def _lines(rows: Iterator[tuple[str, ...]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _goals(judged: list[Goal]) -> Iterator[tuple[str, ...]]:
    for goal in judged:
        yield goal.what, goal.wanted, goal.found, _VERDICTS[goal.met]


def _scenarios(rows: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for name, row in rows.items():
        times = (_spread(row[f"p{share}_ms"]) for share in (50, 95, 99, 100))
        database = (
            "" if name.startswith("bare") else _number(getattr(row["statement_p95_ms"], "median", None))
        )
        yield name, str(row["n"]), str(row["failed"]), *times, _spread(row["achieved_rate"]), database


def _shares(rows: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for name, row in rows.items():
        server = "bare" if name.startswith("bare") else "service"
        shares = (row["cpu_share"][who] for who in (server, "postgres", "generator", "others"))
        yield name, *(f"{share.median:.0%}" for share in shares)


def _capacity(rows: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for name, row in rows.items():
        ratio = _spread(row["entry_ratio"], 2) if name.startswith("bare") else ""
        yield (
            name,
            _spread(row["rate"], 0),
            _spread(row["server_cpu_ms"], 2),
            f"{row['generator_share']:.0%}",
            ratio,
        )


def _pages(rows: list[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    for row in rows:
        times = (_number(row[name]) for name in ("first_byte_p95_ms", "whole_p50_ms", "whole_p95_ms"))
        yield f"`{row['route']}`", f"{row['bytes']:,}", str(row["assets"]), *times


def _routes(rows: list[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    for row in rows:
        yield f"`{row['route']}`", _number(row["p50_ms"]), _number(row["p95_ms"])


def _number(value: float | None, places: int = 1) -> str:
    return "failed" if value is None else f"{value:.{places}f}"


def _spread(spread: Spread | None, places: int = 1) -> str:
    if spread is None:
        return "failed"
    low, high = _number(spread.least, places), _number(spread.most, places)
    return f"{_number(spread.median, places)} ({low} to {high})"
