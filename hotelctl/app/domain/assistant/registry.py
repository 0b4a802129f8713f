"""The twelve models: what each is for, what it needs, and whether this installation has it."""

from dataclasses import dataclass
from enum import StrEnum


class ModelStatus(StrEnum):
    """`off` can be switched on by the hotel; `not_configured` lacks something outside this service."""

    AVAILABLE = "available"
    OFF = "off"
    NOT_CONFIGURED = "not_configured"


@dataclass(frozen=True, slots=True)
class Model:
    """One entry of the registry; `runner` names what runs it, and an entry without one is not built."""

    key: str
    title: str
    purpose: str
    required_permission: str
    needs: tuple[str, ...] = ()
    timeout_s: float = 10.0
    version: str = "1"
    runner: str | None = None
    switch: str | None = None

    def status(self, switched_on: frozenset[str]) -> ModelStatus:
        """What a hotel with these switches may expect."""
        if self.runner is None:
            return ModelStatus.NOT_CONFIGURED
        if self.switch is not None and self.switch not in switched_on:
            return ModelStatus.OFF
        return ModelStatus.AVAILABLE


_BUILT = (
    Model(
        "guest-messaging",
        "Guest messaging",
        "Answers guests from the hotel's own information and proposes requests.",
        "ai.run",
        needs=("hotel setting ai_enabled",),
        timeout_s=25.0,
        runner="guest_messaging",
        switch="ai_enabled",
    ),
    Model(
        "agent-for-staff",
        "Staff assistant",
        "Answers staff from the staff's information and finds tickets by number.",
        "ai.run",
        needs=("hotel setting ai_enabled",),
        timeout_s=25.0,
        runner="staff_messaging",
        switch="ai_enabled",
    ),
    Model(
        "task-routing",
        "Task routing",
        "Names the department of a request and its member with the fewest open items.",
        "ai.run",
        runner="task_routing",
    ),
    Model(
        "housekeeping-scheduling",
        "Housekeeping order",
        "Puts open housekeeping work in order by priority, age and floor.",
        "ai.run",
        runner="housekeeping_order",
    ),
    Model(
        "maintenance-prediction",
        "Recurring faults",
        "Finds rooms with three or more maintenance orders of one category in 30 days.",
        "ai.run",
        needs=("30 days of work orders",),
        runner="recurring_faults",
    ),
    Model(
        "night-audit",
        "Night audit",
        "Sums up broken deadlines, waiting conversations, failed transfers and how yesterday compares.",
        "ai.run",
        runner="night_audit",
    ),
    Model(
        "forecasting",
        "Demand forecast",
        "Expects tickets and messages per hour from the same weekday of earlier weeks.",
        "ai.run",
        needs=("property management system, for occupancy",),
        runner="demand_forecast",
    ),
    Model(
        "dynamic-upsell-engine",
        "Offers",
        "Chooses among the hotel's entries tagged offer; never after a complaint or an emergency.",
        "ai.run",
        needs=("hotel setting upsell_enabled",),
        runner="offers",
        switch="upsell_enabled",
    ),
)
_NOT_BUILT = (
    Model(
        "billing-detection",
        "Billing anomalies",
        "Finds unusual postings in guest folios.",
        "ai.run",
        needs=("folio feed",),
    ),
    Model(
        "room-status-detection",
        "Room status from pictures",
        "Reads the state of a room from pictures.",
        "ai.run",
        needs=("vision model", "S3 storage"),
    ),
    Model(
        "pms-cross-location-linking",
        "Guests across locations",
        "Links stays of one guest in several houses.",
        "ai.run",
        needs=("two or more property management systems",),
    ),
    Model(
        "voice-reception",
        "Voice reception",
        "Answers telephone calls.",
        "ai.run",
        needs=("telephony",),
    ),
)
MODELS: dict[str, Model] = {model.key: model for model in (*_BUILT, *_NOT_BUILT)}
GUEST_MESSAGING, STAFF_MESSAGING = "guest-messaging", "agent-for-staff"
