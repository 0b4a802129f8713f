"""`python -m hotelctl.app.migrate`: brings the database of DATABASE_URL to a revision, as its owner."""

import sys

from hotelctl.app.loading import loading

if __name__ == "__main__":
    with loading():
        from hotelctl.app.migrating import main
    sys.exit(main())
