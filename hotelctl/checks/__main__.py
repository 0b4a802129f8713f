"""`python -m hotelctl.checks` prints docs/checks.md, with the word `index` what index.txt has to be."""

import sys

from hotelctl.checks.catalogue import index, markdown

sys.stdout.write(index() if sys.argv[1:] == ["index"] else markdown())
