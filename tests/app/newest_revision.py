"""The newest revision of the service's schema, as the files of its migrations are named."""

from pathlib import Path

from hotelctl import app

NEWEST = max(path.stem for path in Path(app.__file__).parent.glob("migrations/versions/[0-9]*.py"))
