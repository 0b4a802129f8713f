"""OPS017: the database has room for all connections that the service may open."""

from collections.abc import Iterator

from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Measurement, Severity
from hotelctl.facts.connection_room import CHORES, INSTANCES, ConnectionRoom


@check(
    "OPS017",
    "The database has room for the service's connections",
    severity=Severity.HIGH,
    rationale="While traffic moves two releases are connected; the one that gets no connection fails.",
    remediation="Make the pool smaller, or raise the limit that is named.",
)
def connections_have_room(room: ConnectionRoom) -> Iterator[Finding]:
    """A finding when the tightest limit leaves less than two full pools and the chores of a deploy."""
    tightest = room.limits[0]
    if room.needed > tightest.room:
        others = f" after {room.taken} of others" if room.taken else ""
        yield Finding(
            subject=tightest.name,
            message=f"{tightest.name} leaves {tightest.room} connections{others}; a deploy may open "
            f"{room.needed}: {INSTANCES} pools of {room.pool_size} and {CHORES} for chores",
            evidence=(Measurement("connections of a deploy", room.needed, "connections", tightest.room),),
            location=room.place,
        )
