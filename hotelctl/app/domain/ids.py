"""Identifiers that sort by the time they were made."""

import os
import time
from uuid import UUID

# Of the hotel that the first revision makes; each run of probes makes another one.
SYNTHETIC_HOTEL_ID = UUID("00000000-0000-7000-8000-000000000001")
# No mail gets there, so that nobody else can have an address of it.
SYNTHETIC_DOMAIN = "synthetic.invalid"
_NODE = (1 << 48) - 1


def synthetic_hotel_id() -> UUID:
    """The id of a new hotel for one run of probes."""
    return UUID(int=(SYNTHETIC_HOTEL_ID.int & ~_NODE) | int.from_bytes(os.urandom(6), "big"))


def is_synthetic(hotel_id: UUID) -> bool:
    """Whether it is of a hotel of probes: made, by its id, when time began, as no other hotel can be."""
    return hotel_id.int & ~_NODE == SYNTHETIC_HOTEL_ID.int & ~_NODE


def uuid7() -> UUID:
    """A new UUID of version 7: 48 bits of Unix milliseconds, the rest random.

    Source: RFC 9562, section 5.7.
    """
    millis = time.time_ns() // 1_000_000
    value = (millis << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)
