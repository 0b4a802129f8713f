"""All probes, in the order in which they are asked."""

from hotelctl.app.smoke.admin import admin
from hotelctl.app.smoke.database import database
from hotelctl.app.smoke.identity import identity
from hotelctl.app.smoke.isolation import isolation
from hotelctl.app.smoke.log_in import log_in
from hotelctl.app.smoke.qr_issue import qr_issue
from hotelctl.app.smoke.qr_scan import qr_scan
from hotelctl.app.smoke.run import Probe
from hotelctl.app.smoke.staff import staff

PROBES = (
    Probe("P0 identity", 2, identity),
    Probe("P1 log-in", 3, log_in),
    Probe("P2 code issue", 3, qr_issue),
    Probe("P3 code scan", 8, qr_scan),
    Probe("P4 admin page", 5, admin),
    Probe("P5 staff page", 5, staff),
    Probe("P6 database", 10, database),
    # It asks every route about one object, and each new route makes it longer.
    Probe("P8 isolation", 15, isolation),
)
