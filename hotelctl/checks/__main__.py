"""`python -m hotelctl.checks` prints docs/checks.md."""

import sys

from hotelctl.checks.catalogue import markdown

sys.stdout.write(markdown())
