"""`python -m hotelctl.app`: one instance in one process; instance.py tells its exit codes."""

import sys

from hotelctl.app.loading import loading

if __name__ == "__main__":
    with loading():
        from hotelctl.app.instance import main
    sys.exit(main())
