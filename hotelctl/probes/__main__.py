"""`python -m hotelctl.probes` prints what index.txt has to be."""

import sys

from hotelctl.probes.index import index

sys.stdout.write(index())
