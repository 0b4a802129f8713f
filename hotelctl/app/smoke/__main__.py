"""`python -m hotelctl.app.smoke`: probes of a running instance; command.py tells what and its exit codes."""

import sys

from hotelctl.app.loading import loading

if __name__ == "__main__":
    with loading():
        from hotelctl.app.smoke.command import main
    sys.exit(main())
