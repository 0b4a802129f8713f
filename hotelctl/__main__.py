"""`python -m hotelctl`, and what the installed command runs."""

import gc
import sys
from typing import NoReturn

from hotelctl.cli import _ctrl_c


def run() -> NoReturn:
    """Ends the process as its command does; Ctrl-C while modules are still read is no traceback either."""
    _ctrl_c.remember()
    # A command reads hundreds of modules, and looking for garbage among them takes a tenth of that time.
    gc.set_threshold(50_000)
    try:
        from hotelctl.cli.main import run as command  # noqa: PLC0415 - so that it can be interrupted
    except BaseException:
        if not _ctrl_c.pressed():
            raise
        sys.stderr.write(f"hotelctl: {_ctrl_c.WORDS}\n")
        sys.exit(_ctrl_c.EXIT_CODE)
    command()


if __name__ == "__main__":
    run()
