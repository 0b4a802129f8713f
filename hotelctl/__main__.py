"""`python -m hotelctl`, and what the installed command runs."""

import sys
from typing import NoReturn

_CTRL_C = 130


def run() -> NoReturn:
    """Ends the process as its command does; Ctrl-C while modules are still read is no traceback either."""
    try:
        from hotelctl.cli.main import run as command  # noqa: PLC0415 - so that it can be interrupted
    except KeyboardInterrupt:
        sys.stderr.write("hotelctl: interrupted\n")
        sys.exit(_CTRL_C)
    command()


if __name__ == "__main__":
    run()
