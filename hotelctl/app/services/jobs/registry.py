"""All jobs by name."""

from hotelctl.app.services.jobs import analytics, retention, sla, sweep
from hotelctl.app.services.jobs.runner import Job

_MINUTE_S = 60
JOBS = (
    Job("sla", _MINUTE_S, sla.note_overdue),
    Job("sweep", 5 * _MINUTE_S, sweep.clear, synthetic=True),
    Job("analytics", 5 * _MINUTE_S, analytics.refresh),
    # Asked every hour, done once a day: the audit trail knows when it was done last.
    Job("retention", 60 * _MINUTE_S, retention.end_old, for_all=retention.end_hotels),
)
BY_NAME = {job.name: job for job in JOBS}
