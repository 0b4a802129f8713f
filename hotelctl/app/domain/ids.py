"""Identifiers that sort by the time they were made."""

import os
import time
from uuid import UUID

SYNTHETIC_HOTEL_ID = UUID("00000000-0000-7000-8000-000000000001")


def uuid7() -> UUID:
    """A new UUID of version 7: 48 bits of Unix milliseconds, the rest random.

    Source: RFC 9562, section 5.7.
    """
    millis = time.time_ns() // 1_000_000
    value = (millis << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)
