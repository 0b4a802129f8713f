"""What `python -m hotelctl.app.smoke WHAT URL` does: probes of the instance there, as one JSON object.

DATABASE_URL is the owner's here; RUNTIME_DATABASE_URL is how the instance itself enters. With OPS_TOKEN, if
there is one, the instance is asked for what it tells operators alone.
"""

import argparse
import asyncio
import importlib
import json
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

import httpx
from sqlalchemy.exc import SQLAlchemyError

from hotelctl.app.domain.failures import EXIT_DEPENDENCY, StartFailure
from hotelctl.app.external_settings import ExternalSettings
from hotelctl.app.loading import loading
from hotelctl.app.services.passwords import Passwords
from hotelctl.app.settings import PostgresUrl, SmokeSettings, load
from hotelctl.app.smoke.carry_over import Issued, hotel_of, issue, probe_of, read_issued
from hotelctl.app.smoke.ground import Ground, prepared
from hotelctl.app.smoke.run import Probe, Run, run_probes, skipped
from hotelctl.app.smoke.talk import Broken, Talk, client_of

EXIT_FAILED = 1
Answer = dict[str, Any]


def _runtime(settings: SmokeSettings) -> PostgresUrl:
    return settings.runtime_database_url or settings.database_url


async def _asked(
    client: httpx.AsyncClient, ground: Ground, probes: Iterable[Probe], settings: SmokeSettings
) -> Answer:
    token = settings.ops_token.get_secret_value() if settings.ops_token else None
    return {"results": await run_probes(probes, Run(Talk(client), ground, ops_token=token))}


async def ask(url: str, ground: Ground, settings: SmokeSettings, _: Issued) -> Answer:
    """Every probe of one instance."""
    from hotelctl.app.smoke.probes import PROBES  # noqa: PLC0415 - see _AHEAD

    async with client_of(url) as client:
        return await _asked(client, ground, PROBES, settings)


async def issue_at(url: str, ground: Ground, _: SmokeSettings, __: Issued) -> Answer:
    """What the instance gives out, for `check`; it stays good until then."""
    async with client_of(url) as client:
        return dict(await issue(Run(Talk(client), ground)))


async def check(url: str, ground: Ground, settings: SmokeSettings, issued: Issued) -> Answer:
    """Whether what stands on stdin, given out elsewhere, is good here."""
    async with client_of(url) as client:
        return await _asked(client, ground, [probe_of(issued)], settings)


async def all_of(url: str, ground: Ground, settings: SmokeSettings, _: Issued) -> Answer:
    """Every probe, and whether what the instance gives out is good at a second one of the same release."""
    from hotelctl.app.smoke.second import second_instance  # noqa: PLC0415 - see _AHEAD

    alone = await ask(url, ground, settings, {})
    issued = await issue_at(url, ground, settings, {})
    async with second_instance(_runtime(settings)) as other:
        beside = await _asked(other, ground, [probe_of(issued)], settings)
    return {"results": [*alone["results"], *beside["results"]]}


async def outside(url: str, ground: Ground, settings: SmokeSettings, _: Issued) -> Answer:
    """Whether the outside services that are configured answer, and the model words an answer: it may cost."""
    from hotelctl.app.smoke.outside import MODEL_S, NAME, probes_of  # noqa: PLC0415 - it reads all of them

    probes = probes_of(load(ExternalSettings))
    if not probes:
        return {"results": [skipped(NAME, "none is configured")]}
    async with client_of(url, timeout_s=MODEL_S) as client:
        return await _asked(client, ground, probes, settings)


async def without(url: str, ground: Ground, settings: SmokeSettings, _: Issued) -> Answer:
    """Whether guests are answered although the outside model cannot be reached."""
    from hotelctl.app.smoke.outside import MODEL_S, probe_without  # noqa: PLC0415 - it reads all of them

    async with client_of(url, timeout_s=MODEL_S) as client:
        return await _asked(client, ground, [probe_without(load(ExternalSettings))], settings)


_ACTS: Mapping[str, Callable[[str, Ground, SmokeSettings, Issued], Awaitable[Answer]]] = {
    "ask": ask,
    "issue": issue_at,
    "check": check,
    "all": all_of,
    "outside": outside,
    "without": without,
}


# They read the whole service, one for its routes and one to be it: for those alone who ask all.
_PROBES, _SECOND = "hotelctl.app.smoke.probes", "hotelctl.app.smoke.second"
_AHEAD: Mapping[str, Sequence[str]] = {"ask": (_PROBES,), "all": (_PROBES, _SECOND)}


def _load(what: str) -> None:
    with loading():
        for name in _AHEAD.get(what, ()):
            importlib.import_module(name)


async def _done(what: str, url: str) -> int:
    settings = load(SmokeSettings)
    owner, passwords = settings.database_url.get_secret_value(), Passwords(settings.password_memory_kib)
    issued = read_issued(sys.stdin.read()) if what == "check" else {}
    with prepared(
        owner,
        _runtime(settings).get_secret_value(),
        passwords,
        hotel_id=hotel_of(issued) if issued else None,
        stays=what == "issue",
    ) as ground:
        answer = await _ACTS[what](url, ground, settings, issued)
    sys.stdout.write(json.dumps(answer) + "\n")
    passed = all(result["status"] == "PASS" for result in answer.get("results", ()))
    return 0 if passed else EXIT_FAILED


def _failed(exit_code: int, reason: str) -> int:
    sys.stderr.write(f"smoke failed: {reason}\n")
    return exit_code


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code: 0 all passed, 1 some did not, 75 no database, 78 unusable configuration."""
    parser = argparse.ArgumentParser(prog="python -m hotelctl.app.smoke", description=__doc__)
    acts = parser.add_subparsers(required=True, dest="what", metavar="what")
    for name, act in _ACTS.items():
        words = acts.add_parser(name, help=act.__doc__)
        words.add_argument("url", help="where the instance answers")
        if name in _AHEAD:
            words.add_argument(
                "--when-told", action="store_true", help="ask once a line came on standard input"
            )
    arguments = parser.parse_args(argv)
    _load(arguments.what)
    if getattr(arguments, "when_told", False) and not sys.stdin.readline():
        return _failed(EXIT_FAILED, "nobody said that there is something to ask")
    try:
        return asyncio.run(_done(arguments.what, arguments.url))
    except StartFailure as failure:
        return _failed(failure.exit_code, failure.message)
    except SQLAlchemyError as error:
        from hotelctl.app.migrating import one_line  # noqa: PLC0415 - it reads Alembic, which no good run needs

        return _failed(EXIT_DEPENDENCY, one_line(error))
    except Broken as broken:
        return _failed(EXIT_FAILED, str(broken))
    except httpx.HTTPError as error:
        return _failed(EXIT_FAILED, f"the instance gave no answer: {type(error).__name__} {error}")
