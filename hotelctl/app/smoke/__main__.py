"""`python -m hotelctl.app.smoke URL`: asks the instance at URL everything; prints one JSON object of results.

DATABASE_URL is the owner's here; RUNTIME_DATABASE_URL is how the instance itself enters.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence

from sqlalchemy.exc import SQLAlchemyError

from hotelctl.app.domain.failures import EXIT_DEPENDENCY, StartFailure
from hotelctl.app.migrate import one_line
from hotelctl.app.services.passwords import Passwords
from hotelctl.app.settings import SmokeSettings, load
from hotelctl.app.smoke.ground import prepared
from hotelctl.app.smoke.probes import PROBES
from hotelctl.app.smoke.run import Run, run_probes
from hotelctl.app.smoke.talk import Talk, client_of

EXIT_FAILED = 1


async def _asked(url: str, settings: SmokeSettings) -> int:
    owner = settings.database_url.get_secret_value()
    runtime = settings.runtime_database_url
    entered = runtime.get_secret_value() if runtime else owner
    with prepared(owner, entered, Passwords(settings.password_memory_kib)) as ground:
        async with client_of(url) as client:
            results = await run_probes(PROBES, Run(Talk(client), ground))
    sys.stdout.write(json.dumps({"results": results}) + "\n")
    return 0 if all(result["status"] == "PASS" for result in results) else EXIT_FAILED


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code: 0 all passed, 1 some did not, 75 no database, 78 unusable configuration."""
    parser = argparse.ArgumentParser(prog="python -m hotelctl.app.smoke", description=__doc__)
    parser.add_argument("url", help="where the instance answers")
    arguments = parser.parse_args(argv)
    try:
        return asyncio.run(_asked(arguments.url, load(SmokeSettings)))
    except StartFailure as failure:
        sys.stderr.write(f"smoke failed: {failure.message}\n")
        return failure.exit_code
    except SQLAlchemyError as error:
        sys.stderr.write(f"smoke failed: {one_line(error)}\n")
        return EXIT_DEPENDENCY


if __name__ == "__main__":
    sys.exit(main())
