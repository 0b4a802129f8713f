"""`python -m hotelctl`, and what the installed command runs."""

import atexit
import gc
import sys
from typing import NoReturn

from hotelctl.cli import _asked_to_end
from hotelctl.core import quick_classes


def run() -> NoReturn:
    """Ends the process as its command does; Ctrl-C while modules are still read is no traceback either."""
    _asked_to_end.remember()
    quick_classes.install()
    # A command reads hundreds of modules and keeps them: looking for garbage among them takes a tenth of it.
    gc.set_threshold(300_000)
    # The last search before the process ends would go through all of them again, for nothing.
    atexit.register(gc.freeze)
    try:
        from hotelctl.cli.main import run as command  # noqa: PLC0415 - so that it can be interrupted
    except BaseException:
        if not _asked_to_end.asked():
            raise
        sys.stderr.write(f"hotelctl: {_asked_to_end.WORDS}\n")
        sys.exit(_asked_to_end.exit_code())
    command()


if __name__ == "__main__":
    run()
